import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { after } from 'node:test';
import { gunzipSync } from 'node:zlib';

/** A request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
}

/** What a receiver answers. */
export interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An OTLP receiver over HTTP, which takes all and answers the same; stopped when the test file ends. */
export async function startHttpReceiver({
  status = 200,
  body = '',
  headers = {},
}: Answer = {}): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const isZipped = request.headers['content-encoding'] === 'gzip';
    received.push({
      path: request.url ?? '',
      headers: request.headers,
      body: isZipped ? gunzipSync(raw) : raw,
    });
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  return { url: await listen(server), received };
}

/** An OTLP receiver over gRPC, that ends each call with a status of gRPC's; stopped when the test file ends. */
export async function startGrpcReceiver(status = 0, message = '', details?: Buffer): Promise<Receiver> {
  const received: Received[] = [];
  const server = createHttp2Server();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      // a byte that tells whether it is compressed, and four of its length
      const body = Buffer.concat(chunks).subarray(5);
      received.push({ path: headers[':path'] ?? '', headers: headers as IncomingHttpHeaders, body });
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () =>
        stream.sendTrailers({
          'grpc-status': String(status),
          'grpc-message': message,
          ...(details !== undefined && { 'grpc-status-details-bin': details.toString('base64') }),
        }),
      );
      stream.end(status === 0 ? Buffer.alloc(5) : undefined);
    });
  });
  return { url: await listen(server), received };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The messages of one field, by the wire format of Protocol Buffers alone; a path names a field within a field. */
export function readFields(message: Buffer, path: readonly number[]): Buffer[] {
  const [wanted, ...rest] = path;
  if (wanted === undefined) return [message];
  const found: Buffer[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag, afterTag] = readVarint(message, at);
    const [length, begin] = lengthOf(message, tag & 7, afterTag);
    if (tag >>> 3 === wanted) found.push(...readFields(message.subarray(begin, begin + length), rest));
    at = begin + length;
  }
  return found;
}

function lengthOf(message: Buffer, wireType: number, at: number): readonly [length: number, begin: number] {
  if (wireType === 0) return [readVarint(message, at)[1] - at, at];
  if (wireType === 1) return [8, at];
  if (wireType === 5) return [4, at];
  if (wireType === 2) return readVarint(message, at);
  throw new Error(`wire type ${wireType} at ${at}`);
}

function readVarint(message: Buffer, from: number): readonly [value: number, next: number] {
  let [value, at, factor] = [0, from, 1];
  for (; ; at++, factor *= 128) {
    const byte = message[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at + 1];
  }
}
