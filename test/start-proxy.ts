import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy on loopback. Wherever it is asked to connect to, it connects to that port of loopback. */
export interface ProxyDouble {
  readonly url: string;
  /** What it was asked for: `host:port`, and the credentials where it was given some. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** An HTTP proxy, for `CONNECT` and for plain requests. @param refuse the status it answers everything with */
export async function startHttpProxy(refuse?: number): Promise<ProxyDouble> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createHttpServer();
  server.on('connect', (asking, client: Duplex) => {
    sockets.add(client);
    const credentials = asking.headers['proxy-authorization'];
    asked.push([asking.url, credentials].filter(Boolean).join(' '));
    if (refuse !== undefined) return client.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`);
    const upstream = connectTo(Number(asking.url?.split(':')[1]), client, sockets);
    upstream.once('connect', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  });
  server.on('request', (asking, answer) => {
    const { host, port, pathname, search } = new URL(asking.url ?? '');
    asked.push(`${asking.method} http://${host}${pathname}${search}`);
    const upstream = request({ host: '127.0.0.1', port, path: pathname + search, headers: asking.headers });
    upstream.on('response', (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    asking.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, stop: () => stop(server, sockets) };
}

/** A SOCKS 5 proxy without authentication (RFC 1928). */
export async function startSocksProxy(): Promise<ProxyDouble> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((client) => {
    sockets.add(client);
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (request: Buffer) => {
        const { host, port } = readSocksTarget(request);
        asked.push(`${host}:${port}`);
        const upstream = connectTo(port, client, sockets);
        upstream.once('connect', () => client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0])));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `socks5://127.0.0.1:${port}`, asked, stop: () => stop(server, sockets) };
}

function readSocksTarget(request: Buffer): { host: string; port: number } {
  const isName = request[3] === 3;
  const length = isName ? (request[4] ?? 0) : 4;
  const at = isName ? 5 : 4;
  const address = request.subarray(at, at + length);
  return {
    host: isName ? address.toString() : [...address].join('.'),
    port: request.readUInt16BE(at + length),
  };
}

function connectTo(port: number, client: Duplex, sockets: Set<Duplex>): Socket {
  const upstream = connect(port, '127.0.0.1');
  sockets.add(upstream);
  upstream.once('connect', () => {
    client.pipe(upstream);
    upstream.pipe(client);
  });
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
  return upstream;
}

async function stop(server: ReturnType<typeof createServer>, sockets: Set<Duplex>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
