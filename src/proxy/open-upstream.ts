import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { explainNetworkError, explainTimeout } from '../kube/explain-network-error.ts';
import type { Gate } from '../kube/gate.ts';
import type { Clock } from '../lib/clock.ts';
import { MILLISECOND, type MicrosLength, SECOND } from '../lib/time.ts';
import type { RawHeaders } from './forwarded-headers.ts';

/** The server that requests are handed on to. */
export interface Upstream {
  readonly gate: Gate;
  readonly clock: Clock;
  /** How often a silent connection is tried; 0: never. */
  readonly keepAlive: MicrosLength;
}

/** A request as it goes on. */
export interface UpstreamRequest {
  readonly method: string;
  /** With query; from the root of the server's URL. */
  readonly path: string;
  readonly agent: Agent;
  readonly headers: RawHeaders;
  /** Whether each direction may end without the other. */
  readonly halfOpen?: boolean;
}

/** client-go's: how long a connection may take to be made. */
const CONNECT_WITHIN = 30 * SECOND;
/** Go's. */
const LARGEST_HEAD = 1024 * 1024;

/** Begins a request; whoever began it ends it, and hears its `error`. */
export function openUpstream({ gate, clock, keepAlive }: Upstream, wanted: UpstreamRequest): ClientRequest {
  const { isPlain, protocol, hostname, port, before } = placeOf(gate);
  const options: RequestOptions & { allowHalfOpen: boolean } = {
    agent: wanted.agent,
    protocol,
    hostname,
    port,
    path: prependServerPath(before, wanted.path),
    method: wanted.method,
    headers: wanted.headers,
    maxHeaderSize: LARGEST_HEAD,
    setHost: false,
    allowHalfOpen: wanted.halfOpen === true,
  };
  const sent = (isPlain ? requestPlain : requestTls)(options);
  sent.on('socket', (socket) => {
    if (sent.reusedSocket) return;
    if (keepAlive > 0) socket.setKeepAlive(true, keepAlive / MILLISECOND);
    if (!socket.connecting) return;
    const where = { name: gate.name, server: serverOf(gate) };
    const late = `no connection within ${CONNECT_WITHIN / SECOND} s`;
    const cancel = clock.after(CONNECT_WITHIN, () => sent.destroy(explainTimeout(where, late)));
    for (const end of [isPlain ? 'connect' : 'secureConnect', 'close']) socket.once(end, cancel);
  });
  return sent;
}

/** What to say of an error of a request. */
export function explainUpstream(gate: Gate, error: unknown) {
  return explainNetworkError({ name: gate.name, server: serverOf(gate) }, error);
}

/** The head and the body that follows, as they come. */
export function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.on('error', reject);
  });
}

/** Whether a kept connection had gone, so that nothing of the request can have arrived: nothing of its answer did. */
export function isStale(sent: ClientRequest, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

interface Place {
  readonly isPlain: boolean;
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  /** The path of the server's URL, without a slash at the end. */
  readonly before: string;
}

/** Taken apart once: each part of a URL is made anew whenever it is read. */
const places = new WeakMap<Gate, Place>();

function placeOf(gate: Gate): Place {
  const known = places.get(gate);
  if (known !== undefined) return known;
  const { protocol, hostname, port, pathname } = gate.url;
  const place = {
    isPlain: protocol === 'http:',
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    before: pathname.replace(/\/+$/, ''),
  };
  places.set(gate, place);
  return place;
}

/** Clients that know of the path send it along; those that do not mean the server's root. */
function prependServerPath(before: string, path: string): string {
  return before === '' || path.startsWith(`${before}/`) ? path : `${before}${path}`;
}

function serverOf({ url }: Gate): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
