import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { answerStatus, describeFailure, isFailure } from './answer-status.ts';
import { forwardAnswerHeaders, forwardRequestHeaders, usesOwnCredentials } from './forwarded-headers.ts';
import { answerOf, isStale, openUpstream, type Upstream } from './open-upstream.ts';

/** A request that came, and where its answer goes. */
export interface Exchange {
  readonly asked: IncomingMessage;
  readonly answer: ServerResponse;
  /** As it goes on: path and query, from the server's root. */
  readonly path: string;
}

/**
 * Hands a request on and its answer back, both as they come: nothing is held or looked into. When the client leaves, so does the request.
 *
 * @param look is shown the answer's head; when it returns true, it sees to the rest
 */
export async function passRequest(
  upstream: Upstream,
  exchange: Exchange,
  look: (given: IncomingMessage) => Promise<boolean> = async () => false,
): Promise<void> {
  const { answer } = exchange;
  try {
    const given = await requestUpstream(upstream, exchange);
    if (given === undefined || (await look(given))) return;
    handBack(given, answer);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!answer.destroyed)
      answerStatus(answer, 502, 'ServiceUnavailable', describeFailure(upstream.gate, error));
  }
}

/** Changes to a request on its way. */
export interface RequestChanges {
  /** Instead of the exchange's own. */
  readonly path?: string;
  /** Instead of the client's, by name in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a request on, with the credentials of the user where it brings none. One without a body is sent again when the credentials were refused
 * (with newer ones), or when the connection kept for it had gone.
 *
 * @returns the answer; undefined when the client has left
 * @throws when no answer comes
 */
export async function requestUpstream(
  upstream: Upstream,
  { asked, answer, path }: Exchange,
  changes: RequestChanges = {},
): Promise<IncomingMessage | undefined> {
  const { gate } = upstream;
  const mayRepeat = !hasBody(asked);
  for (let isRenewed = false; ; ) {
    const entrance = await gate.open();
    if (answer.destroyed) return undefined;
    const headers = forwardRequestHeaders(asked, entrance, gate.url.host);
    const sent = openUpstream(upstream, {
      method: asked.method ?? 'GET',
      path: changes.path ?? path,
      agent: entrance.agent,
      headers: replaceHeaders(headers, changes.headers ?? {}),
    });
    answer.once('close', () => answer.writableFinished || sent.destroy());
    try {
      const answered = answerOf(sent);
      sendBody(asked, sent, answer);
      const given = await answered;
      if (given.statusCode !== 401 || !usesOwnCredentials(asked)) return given;
      gate.renew();
      if (!mayRepeat || isRenewed) return given;
      isRenewed = true;
      given.resume();
    } catch (error) {
      if (answer.destroyed) return undefined;
      if (!mayRepeat || !isStale(sent, error)) throw error;
    }
  }
}

/** Hands an answer back as it comes, trailers included; where it breaks off, the client's does. */
export function handBack(given: IncomingMessage, answer: ServerResponse): void {
  answer.sendDate = false;
  answer.writeHead(given.statusCode ?? 502, given.statusMessage, forwardAnswerHeaders(given));
  // Of a watch or a log the head says that it has begun; a body of a known length comes along with it.
  if (given.headers['content-length'] === undefined) answer.flushHeaders();
  given.once('error', () => answer.destroy());
  given.once('end', () => {
    if (given.rawTrailers.length > 0) answer.addTrailers(inPairs(given.rawTrailers));
    answer.end();
  });
  // As `pipe` does, with a fifth of its listeners: most answers are one small piece.
  const resume = () => void given.resume();
  given.on('data', (piece: Uint8Array) => {
    if (answer.destroyed || answer.write(piece)) return;
    given.pause();
    answer.once('drain', resume);
  });
}

/** Aborts when the client has gone before its answer was sent. */
export function whenLeft(answer: ServerResponse): AbortSignal {
  const left = new AbortController();
  if (answer.destroyed) left.abort();
  answer.once('close', () => answer.writableFinished || left.abort());
  return left.signal;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function sendBody(asked: IncomingMessage, sent: ClientRequest, answer: ServerResponse): void {
  if (!hasBody(asked)) {
    sent.end();
    return;
  }
  // The client sends its body when the server says that it may.
  if (asked.headers.expect !== undefined) sent.once('continue', () => answer.writeContinue());
  asked.on('end', () => {
    if (asked.rawTrailers.length > 0) sent.addTrailers(inPairs(asked.rawTrailers));
    sent.end();
  });
  asked.on('error', () => sent.destroy());
  asked.pipe(sent, { end: false });
}

function replaceHeaders(headers: string[], replaced: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(replaced);
  if (names.length === 0) return headers;
  const kept = inPairs(headers).filter(([name]) => !names.includes(name.toLowerCase()));
  return [...kept, ...Object.entries(replaced)].flat();
}

function inPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs;
}
