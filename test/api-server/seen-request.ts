import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { EventApi } from './wire-forms.ts';

/** A request as the double saw it. */
export interface SeenRequest {
  readonly verb: 'list' | 'watch' | 'get' | 'create';
  /** The path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The Events asked for, when it is a list or watch of them. */
  readonly events: { readonly api: EventApi; readonly namespace: string } | undefined;
  /** The bearer token; empty without one. */
  readonly token: string;
  /** The common name of the client's certificate; empty without one. */
  readonly clientName: string;
  readonly body: unknown;
}

/** Which requests are meant: all of a verb on Events, lists with a `continue` token, or any by a function. */
export type RequestMatch = 'list' | 'page' | 'watch' | 'any' | ((request: SeenRequest) => boolean);

export function matchesRequest(match: RequestMatch, request: SeenRequest): boolean {
  if (typeof match === 'function') return match(request);
  if (match === 'any') return true;
  if (match === 'page') return request.events !== undefined && request.query.has('continue');
  return request.events !== undefined && request.verb === match;
}

export function readRequest(message: IncomingMessage, body: string): SeenRequest {
  const url = new URL(message.url ?? '/', 'https://double');
  const events = /^\/(?:api\/(v1)|apis\/(events\.k8s\.io\/v1))(?:\/namespaces\/([^/]+))?\/events$/.exec(
    url.pathname,
  );
  const api = (events?.[1] ?? events?.[2]) as EventApi | undefined;
  const watch = ['true', '1'].includes(url.searchParams.get('watch') ?? '');
  return {
    verb:
      message.method === 'POST' ? 'create' : watch ? 'watch' : isCollection(url.pathname) ? 'list' : 'get',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    events: api === undefined ? undefined : { api, namespace: events?.[3] ?? '' },
    token: (message.headers.authorization ?? '').replace(/^Bearer /, ''),
    clientName: readClientName(message.socket as TLSSocket),
    body: body === '' ? undefined : JSON.parse(body),
  };
}

function isCollection(path: string): boolean {
  const rest = path.replace(/^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+(?=\/))?/, '');
  return rest.split('/').length === 2 && rest !== path;
}

function readClientName(socket: TLSSocket): string {
  const name = socket.getPeerCertificate?.()?.subject?.CN;
  return Array.isArray(name) ? (name[0] ?? '') : (name ?? '');
}
