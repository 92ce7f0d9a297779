import type { Agent, ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import { SECOND } from '../lib/time.ts';
import type { ApiRequest, ApiResponse } from './cluster.ts';
import { explainNetworkError, explainTimeout } from './explain-network-error.ts';
import { readBody } from './read-body.ts';

/** Where a request goes, and how. */
export interface RequestTarget {
  readonly name: string;
  /** The server's URL; a path in it goes before the request's. */
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: OutgoingHttpHeaders;
  readonly clock: Clock;
  /** Told of each connection that may be a new one. */
  readonly onSocket?: (socket: Socket) => void;
}

const ANSWER_WITHIN = 60 * SECOND;
const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * Sends one request. A kept connection that the server had already closed is replaced by a new one without a word.
 *
 * @throws ApiFailure when no answer comes
 */
export async function sendRequest(target: RequestTarget, request: ApiRequest): Promise<ApiResponse> {
  for (;;) {
    const sent = await openRequest(target, request);
    try {
      return receive(target, request, sent, await answerOf(target, sent, request));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const stale = sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
      if (!stale || request.signal?.aborted) throw explain(target, request, error);
    }
  }
}

async function openRequest(target: RequestTarget, request: ApiRequest): Promise<ClientRequest> {
  const http = target.url.protocol === 'http:' ? await import('node:http') : await import('node:https');
  request.signal?.throwIfAborted();
  const sent = http.request(formatOptions(target, request));
  sent.on('socket', (socket) => {
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    target.onSocket?.(socket);
  });
  sent.end(request.body === undefined ? undefined : JSON.stringify(request.body));
  return sent;
}

function formatOptions(target: RequestTarget, request: ApiRequest): RequestOptions {
  const { url, agent, headers } = target;
  return {
    agent,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname.replace(/\/+$/, '') + request.path + formatQuery(request.query ?? {}),
    method: request.body === undefined ? 'GET' : 'POST',
    headers: {
      ...headers,
      accept: request.accept ?? 'application/json',
      'accept-encoding': request.gzip ? 'gzip' : 'identity',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  };
}

function formatQuery(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function answerOf(target: RequestTarget, sent: ClientRequest, request: ApiRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const within = request.answerWithin ?? ANSWER_WITHIN;
  // Destroyed without an error: on a connection that its answer has just left, nobody would hear one.
  const giveUp = (reason: unknown) => {
    reject(reason);
    sent.destroy();
  };
  const late = `it did not answer within ${within / SECOND} s`;
  const cancel = target.clock.after(within, () => giveUp(explainTimeout(where(target), late)));
  const abort = () => giveUp(request.signal?.reason);
  request.signal?.addEventListener('abort', abort, { once: true });
  sent.once('response', resolve);
  // Stays: an error after the answer began is told by the body, and must not be unheard here.
  sent.on('error', reject);
  sent.once('close', () => request.signal?.removeEventListener('abort', abort));
  return promise.finally(cancel);
}

function receive(
  target: RequestTarget,
  request: ApiRequest,
  sent: ClientRequest,
  answer: IncomingMessage,
): ApiResponse {
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: readBody(answer, (error) => explain(target, request, error)),
    // What was read to its end leaves its connection to the next request.
    close: () => void (answer.readableEnded || sent.destroy()),
  };
}

/** An abort stays what it is: the caller wanted it. */
function explain(target: RequestTarget, { signal }: ApiRequest, error: unknown): unknown {
  return signal?.aborted ? signal.reason : explainNetworkError(where(target), error);
}

function where(target: RequestTarget): { name: string; server: string } {
  return { name: target.name, server: `${target.url.origin}${target.url.pathname.replace(/\/+$/, '')}` };
}
