import type { IncomingMessage } from 'node:http';
import { isAccepted, type ProxyRules } from './proxy-rules.ts';
import { type RequestTarget, readHost, readTarget } from './read-target.ts';

/** Why a request does not go through, as `kubectl proxy` tells it. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  /** Where to ask instead. */
  readonly location?: string;
}

export interface Admission {
  /** Undefined: everything goes through. */
  readonly rules: ProxyRules | undefined;
  /** Begins and ends with a slash. */
  readonly prefix: string;
}

const FORBIDDEN: Refusal = { status: 403, text: 'Forbidden' };

/** Whether a request goes through, and where to. */
export function admitRequest({ rules, prefix }: Admission, asked: IncomingMessage): RequestTarget | Refusal {
  const { method = 'GET', url = '/', headers } = asked;
  const target = readTarget(url, headers.host ?? '', prefix);
  if (target === 'outside') return { status: 404, text: '404 page not found' };
  if (target === 'broken') return { status: 400, text: `the path cannot be read: ${url.slice(0, 200)}` };
  if ('unclean' in target) return { status: 301, text: 'Moved Permanently', location: target.unclean };
  if (rules === undefined) return target;
  if (!isAccepted(rules, { ...target, method }) || isForeign(asked, rules)) return FORBIDDEN;
  return target;
}

/**
 * Whether a page of another site makes a browser ask: one that is not on an accepted host. What such a page may not read it may still do: open a
 * WebSocket, send a form. `kubectl proxy` lets it. A link may be followed.
 */
function isForeign({ headers, method }: IncomingMessage, { acceptHosts }: ProxyRules): boolean {
  const { origin } = headers;
  if (origin !== undefined) {
    const host = readHost(origin.replace(/^https?:\/\//, ''));
    return !acceptHosts.some((expression) => expression.test(host));
  }
  const isLink = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  return headers['sec-fetch-site'] === 'cross-site' && !isLink;
}
