import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startProxied } from '../../test/proxy/start-proxied.ts';
import { DEFAULT_RULES, parseExpressions } from './proxy-rules.ts';

const UPGRADE = [
  'POST /api/v1/namespaces/shop/pods/web-0/portforward?ports=80 HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: SPDY/3.1',
  'X-Stream-Protocol-Version: portforward.k8s.io',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

function open(port: number): Socket {
  return connect({ port, host: '127.0.0.1', allowHalfOpen: true });
}

/** Reads until so many bytes are there, or all up to the end of a head. */
async function readHead(socket: Duplex): Promise<{ head: string; rest: Buffer }> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf('\r\n\r\n');
    if (end !== -1) {
      socket.pause();
      return { head: seen.subarray(0, end).toString(), rest: seen.subarray(end + 4) };
    }
  }
}

/** What has not come by then will not. */
const PATIENT = { timeout: 120_000 };

test(
  'passUpgrade hands on every byte both ways, and an end of one way without the other',
  PATIENT,
  async (t) => {
    const { port, server } = await startProxied(t, (_message, response) => response.end());
    const asked = new Promise<{ headers: NodeJS.Dict<string | string[]>; socket: Duplex; head: Buffer }>(
      (resolve) => server.on('upgrade', ({ headers }, socket, head) => resolve({ headers, socket, head })),
    );
    const client = open(port);
    client.write(`${UPGRADE}early`);
    const { headers, socket, head } = await asked;
    assert.equal(headers.upgrade, 'SPDY/3.1');
    assert.equal(headers['x-stream-protocol-version'], 'portforward.k8s.io');
    assert.equal(headers.authorization, 'Bearer its-own');
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n',
    );
    const answer = await readHead(client);
    assert.match(answer.head, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
    assert.match(answer.head, /\r\nUpgrade: SPDY\/3\.1/);
    assert.match(answer.head, /\r\nX-Stream-Protocol-Version: portforward\.k8s\.io/);

    // Bytes that are no text, in an amount that fills every buffer on the way.
    const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 31) % 256));
    const arrived = buffer(socket);
    client.end(sent);
    const got = await arrived;
    assert.equal(Buffer.concat([head, got]).equals(Buffer.concat([Buffer.from('early'), sent])), true);

    // The client has ended its way; the server's is still open.
    const back = buffer(client);
    socket.end(sent);
    assert.equal(Buffer.concat([answer.rest, await back]).equals(sent), true);
  },
);

test('passUpgrade breaks the one connection when the other breaks', PATIENT, async (t) => {
  const { port, server } = await startProxied(t, (_message, response) => response.end());
  const asked = new Promise<Duplex>((resolve) => server.on('upgrade', (_message, socket) => resolve(socket)));
  const client = open(port);
  client.write(UPGRADE);
  const socket = await asked;
  socket.on('error', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
  await readHead(client);
  const ended = once(socket, 'end');
  socket.resume();
  client.resetAndDestroy();
  await ended;
});

test('passUpgrade hands back what the server answers instead', PATIENT, async (t) => {
  const { port } = await startProxied(t, (_message, response) => response.end());
  const upgraded = await startProxied(t, (_message, response) => response.end());
  upgraded.server.on('upgrade', (_message, socket) => {
    socket.end(
      'HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    );
  });
  const client = open(upgraded.port);
  client.write(UPGRADE);
  const answer = await text(client);
  assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
  assert.match(answer, /\r\nContent-Type: application\/json\r\n/);
  assert.match(answer, /\r\n\r\n\{\}$/);
  // A server that knows no upgrade answers as if none was asked for.
  const other = open(port);
  other.write(UPGRADE);
  assert.match(await text(other), /^HTTP\/1\.1 200 OK\r\n/);
});

test('passUpgrade answers 502 with a Status when the server cannot be reached', PATIENT, async (t) => {
  const { port, crash } = await startProxied(t, (_message, response) => response.end());
  await crash();
  const client = open(port);
  client.write(UPGRADE);
  const answer = await text(client);
  assert.match(answer, /^HTTP\/1\.1 502 Bad Gateway\r\n/);
  assert.equal((JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { kind: string }).kind, 'Status');
});

test(
  'the proxy upgrades nothing for commands in containers, other hosts and pages of other sites',
  PATIENT,
  async (t) => {
    const rules = {
      acceptHosts: parseExpressions(DEFAULT_RULES.acceptHosts, ''),
      acceptPaths: parseExpressions(DEFAULT_RULES.acceptPaths, ''),
      rejectPaths: parseExpressions(DEFAULT_RULES.rejectPaths, ''),
      rejectMethods: parseExpressions(DEFAULT_RULES.rejectMethods, ''),
    };
    const { port, server } = await startProxied(t, (_message, response) => response.end(), { rules });
    server.on('upgrade', () => assert.fail('an upgrade came through'));
    for (const request of [
      UPGRADE.replace('portforward?ports=80', 'exec?command=id'),
      UPGRADE.replace('Host: localhost', 'Host: evil.example'),
      UPGRADE.replace('\r\nUpgrade', '\r\nOrigin: https://evil.example\r\nUpgrade'),
    ]) {
      const client = open(port);
      client.write(request);
      assert.match(await text(client), /^HTTP\/1\.1 403 Forbidden\r\n/);
    }
  },
);

test('the proxy takes a wish for HTTP/2 for the plain request that it is too', PATIENT, async (t) => {
  const { port } = await startProxied(t, async (message, response) => response.end(await text(message)));
  const client = open(port);
  client.write(
    'POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 5\r\n\r\nhello',
  );
  assert.match(await text(client), /^HTTP\/1\.1 200 OK\r\n[\s\S]*hello/);
});
