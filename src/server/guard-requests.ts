import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import type { AuditLog } from './access/audit-log.ts';
import { type AuditedRequest, auditRequest } from './access/audit-requests.ts';
import type { Access } from './access/open-access.ts';

export interface GuardOptions {
  /** Names, besides the loopback's, under which the server may be asked. */
  readonly hosts: readonly string[];
  /** What requests must bring as bearer token; undefined: none is asked for. */
  readonly token: string | undefined;
  /** Who may see what; undefined: everyone who is let in sees all. */
  readonly access?: Access | undefined;
  /** Where it is told who read what, and the time it is told by. */
  readonly audit?: { readonly log: AuditLog; readonly clock: Clock } | undefined;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);
/** Probes, which bring no token, and the files of the user interface, which asks with the token: they tell nothing of the record. */
const OPEN = new Set(['/healthz', '/readyz', '/', '/*']);

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Refuses what a web page of someone else's could make a browser ask: under a name that is not ours (DNS rebinding), or from another site; and
 * what brings no token where one is wanted. Sets the headers that keep answers from being taken for anything but what they are.
 */
export function guardRequests(app: FastifyInstance, { hosts, token, access, audit }: GuardOptions): void {
  const names = new Set(hosts.map((host) => host.toLowerCase()));
  const digest = token === undefined ? undefined : digestOf(token);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
    const isOpen = OPEN.has(request.routeOptions.url ?? '');
    const audited =
      isOpen || audit === undefined ? undefined : auditRequest(audit.log, audit.clock, request, reply);
    try {
      checkHost(request, names);
      checkOrigin(request);
      if (isOpen) return;
      if (digest !== undefined) checkToken(request, digest);
      return await admit(access, request, reply, audited);
    } catch (error) {
      audited?.refuse(error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
}

async function admit(
  access: Access | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  audited: AuditedRequest | undefined,
): Promise<FastifyReply | undefined> {
  if (access !== undefined) reply.header('vary', 'authorization');
  const answered = await access?.admit(request, reply, (identity) => audited?.identify(identity));
  audited?.admit();
  return answered;
}

function checkHost({ headers }: FastifyRequest, names: ReadonlySet<string>): void {
  const host = hostOf(`http://${headers.host ?? ''}`);
  if (host !== undefined && (LOOPBACK.has(host) || names.has(host) || isIP(host) !== 0)) return;
  throw new HarkError('unknown-host', `this server is not known as "${headers.host ?? ''}"`, {
    hint: 'Ask it as localhost or by its IP address, or start it with --host NAME.',
  });
}

/** Other sites' pages may link to the user interface, but not read or embed anything. */
function checkOrigin({ headers, method }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const { origin, host } = headers;
  const isForeign = origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
  const isCrossSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!isForeign && (!isCrossSite || (isLink && method === 'GET'))) return;
  throw new HarkError('cross-site', `requests of other sites are refused${origin ? `: "${origin}"` : ''}`, {
    hint: 'Open the address of Hark itself.',
  });
}

function checkToken({ headers }: FastifyRequest, digest: Buffer): void {
  const [, given] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (given !== undefined && timingSafeEqual(digestOf(given), digest)) return;
  throw new HarkError(
    'unauthorized',
    given === undefined ? 'a bearer token is wanted' : 'this is not the bearer token',
    { hint: 'Send the content of the server’s --token-file as `Authorization: Bearer TOKEN`.' },
  );
}

/** Digests of the same length are compared, so that the time it takes tells nothing of the token. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
