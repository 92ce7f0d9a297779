import type { IncomingMessage } from 'node:http';
import type { Entrance } from '../kube/gate.ts';

/** What is said between neighbours alone (RFC 9110, 7.6.1; `TE: trailers` and `Trailer` go on, for trailers do). */
const BETWEEN_NEIGHBOURS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** What is said anew in a request. */
const REPLACED = new Set([...BETWEEN_NEIGHBOURS, 'host', 'x-forwarded-for']);

/** Names and values, one after the other, as Node takes and gives them: in their order and spelling, also those that come twice. */
export type RawHeaders = string[];

/**
 * The headers with which a request goes on: its own, the server's host, and the credentials that it does not bring itself (client-go, `transport`:
 * who sends an `Authorization` or impersonates is not overruled).
 *
 * @param upgrade whether it asks for another protocol
 */
export function forwardRequestHeaders(
  asked: IncomingMessage,
  entrance: Entrance,
  host: string,
  upgrade = false,
): RawHeaders {
  const headers: RawHeaders = ['Host', host];
  copyHeaders(asked, REPLACED, headers);
  const before = asked.headers['x-forwarded-for'];
  const from = asked.socket.remoteAddress;
  const path = [before, from].flat().filter((part) => part !== undefined);
  if (path.length > 0) headers.push('X-Forwarded-For', path.join(', '));
  if (upgrade) headers.push('Connection', 'Upgrade', 'Upgrade', asked.headers.upgrade ?? '');
  if (/\btrailers\b/i.test(String(asked.headers.te ?? ''))) headers.push('TE', 'trailers');
  // Its length is known by `content-length`, which is copied, or not at all.
  if (asked.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  addCredentials(asked, entrance, headers);
  return headers;
}

/** The headers of an answer as they are handed back. */
export function forwardAnswerHeaders(answer: IncomingMessage): RawHeaders {
  const headers: RawHeaders = [];
  copyHeaders(answer, BETWEEN_NEIGHBOURS, headers);
  return headers;
}

/** Whether a request goes on with credentials of our own, so that a refusal may be mended by newer ones. */
export function usesOwnCredentials(asked: IncomingMessage): boolean {
  return asked.headers.authorization === undefined;
}

function addCredentials(asked: IncomingMessage, { headers: own }: Entrance, headers: RawHeaders): void {
  const impersonates = asked.headers['impersonate-user'] !== undefined;
  for (const [name, values] of Object.entries(own)) {
    if (name.startsWith('impersonate-') ? impersonates : asked.headers[name] !== undefined) continue;
    for (const value of [values].flat()) headers.push(name, value);
  }
}

function copyHeaders(message: IncomingMessage, dropped: ReadonlySet<string>, to: RawHeaders): void {
  const { rawHeaders: raw } = message;
  const named = namedByConnection(message);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const key = name.toLowerCase();
    if (!dropped.has(key) && named?.includes(key) !== true) to.push(name, raw[at + 1] ?? '');
  }
}

/** Headers that `Connection: x-a, x-b` says are for the neighbour; undefined for what everybody says. */
function namedByConnection({ headers: { connection } }: IncomingMessage): string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return connection.split(',').map((name) => name.trim().toLowerCase());
}
