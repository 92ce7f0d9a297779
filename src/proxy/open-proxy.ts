import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HarkError } from '../lib/errors.ts';
import { type Admission, admitRequest, type Refusal } from './admit-request.ts';
import { answerStatus } from './answer-status.ts';
import type { Upstream } from './open-upstream.ts';
import { type Exchange, passRequest } from './pass-request.ts';
import { passUpgrade, refuseUpgrade } from './pass-upgrade.ts';
import type { RequestTarget } from './read-target.ts';

/** Where the proxy is to be had: an address, or a socket's file. */
export type ProxyAddress = { readonly host: string; readonly port: number } | { readonly socket: string };

export interface ProxyOptions extends Admission {
  readonly address: ProxyAddress;
  readonly upstream: Upstream;
  /** Who answers what is not simply handed on; undefined for what is. */
  readonly findAnswerer?: FindAnswerer | undefined;
  /** Told of a failure that is a bug. */
  readonly report: (error: unknown) => void;
}

export type FindAnswerer = (target: RequestTarget, asked: IncomingMessage) => Answerer | undefined;

/** Sees to a request; never rejects for what a client or the server does. */
export type Answerer = (exchange: Exchange) => Promise<void>;

export interface Proxy {
  /** `127.0.0.1:8001`, or the socket's file: as `kubectl proxy` tells it. */
  readonly place: string;
  /** Answers until the signal aborts, then breaks off what is under way. */
  run(signal: AbortSignal): Promise<void>;
}

/** Go's: a head with a token of many groups, or a long selector, is larger than Node's usual. */
const LARGEST_HEAD = 1024 * 1024;
/** Longer than clients keep a connection (client-go's 90 s): so that they close it, not we, while a request is under way. */
const KEEP_FOR_MS = 180_000;

/**
 * Binds the address and answers from there on.
 *
 * @throws HarkError `address-in-use`, `usage` when it can't be bound
 */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const server = createServer({
    maxHeaderSize: LARGEST_HEAD,
    keepAliveTimeout: KEEP_FOR_MS,
    // A large upload takes as long as it takes.
    requestTimeout: 0,
    // A wish for HTTP/2, which servers may leave unheard, is a request like any other. Not in the first releases of Node 24.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() !== 'h2c',
  } as ServerOptions);
  /** Connections that left HTTP. */
  const upgraded = new Set<Duplex>();
  const handle = (asked: IncomingMessage, answer: ServerResponse) => {
    handleRequest(options, asked, answer).catch((error) => {
      options.report(error);
      answerStatus(answer, 500, 'InternalError', 'this is a bug in Hark: what it wrote to stderr says more');
    });
  };
  server.on('request', handle);
  server.on('checkContinue', handle);
  server.on('upgrade', (asked, client, head) => {
    upgraded.add(client);
    client.once('close', () => upgraded.delete(client));
    handleUpgrade(options, asked, client, head).catch((error) => {
      options.report(error);
      client.destroy();
    });
  });
  const place = await bind(server, options.address);
  return {
    place,
    async run(signal) {
      if (!signal.aborted) await once(signal, 'abort');
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const client of upgraded) client.destroy();
      await closed;
    },
  };
}

async function handleRequest(
  options: ProxyOptions,
  asked: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const target = admitRequest(options, asked);
  if ('status' in target) return refuseRequest(answer, target);
  const exchange = { asked, answer, path: `${target.rawPath}${target.search}` };
  const answerer = options.findAnswerer?.(target, asked);
  await (answerer === undefined ? passRequest(options.upstream, exchange) : answerer(exchange));
}

async function handleUpgrade(
  options: ProxyOptions,
  asked: IncomingMessage,
  client: Duplex,
  head: Uint8Array,
): Promise<void> {
  const target = admitRequest(options, asked);
  if (!('status' in target))
    return await passUpgrade(options.upstream, asked, client, head, `${target.rawPath}${target.search}`);
  client.on('error', () => client.destroy());
  refuseUpgrade(
    client,
    `${target.status} ${STATUS_CODES[target.status]}`,
    'text/plain; charset=utf-8',
    `${target.text}\n`,
  );
}

function refuseRequest(answer: ServerResponse, { status, text, location }: Refusal): void {
  answer.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...(location === undefined ? {} : { location }),
  });
  answer.end(`${text}\n`);
}

async function bind(server: Server, address: ProxyAddress): Promise<string> {
  const isSocket = 'socket' in address;
  // What a proxy that was killed has left behind; any other file stays, and is in the way.
  if (isSocket && lstatSync(address.socket, { throwIfNoEntry: false })?.isSocket()) rmSync(address.socket);
  server.listen(isSocket ? { path: address.socket } : { host: address.host, port: address.port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explainBinding(error, address);
  }
  if (isSocket) {
    chmodSync(address.socket, 0o600);
    return address.socket;
  }
  const { address: host, port, family } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${host}]:${port}` : `${host}:${port}`;
}

function explainBinding(error: unknown, address: ProxyAddress): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const place = 'socket' in address ? address.socket : `${address.host}:${address.port}`;
  if (code === 'EADDRINUSE')
    return new HarkError('address-in-use', `cannot listen on ${place}: something else does already`, {
      hint: 'Perhaps another proxy. Let a free port be chosen: hark proxy --port 0',
    });
  return new HarkError('usage', `cannot listen on ${place}: ${message}`, {
    hint: 'For example: hark proxy --port 8001',
    cause: error,
  });
}
