import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { type StartedServer, startServer } from './start-server.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const TOKEN = 'a-token-that-is-long-enough';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with any headers, which `fetch` would not send. */
function ask(
  server: StartedServer,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, { headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const fill: Parameters<typeof startServer>[0] = (store) =>
  store.write({ cluster: CLUSTER, sightings: SIGHTINGS });

test('a server answers under the names it goes by and no others', async () => {
  const server = await startServer(fill, { hosts: ['Hark.example.com'] });
  const { port } = new URL(server.url);
  for (const host of [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `[::1]:${port}`,
    'hark.example.com',
    '10.0.0.7',
  ])
    assert.equal((await ask(server, '/v1/clusters', { host })).status, 200, host);
  for (const host of [
    'evil.example',
    `localhost.evil.example:${port}`,
    '127.0.0.1.nip.io',
    'hark.example.com.',
  ]) {
    const { status, body } = await ask(server, '/v1/clusters', { host });
    assert.deepEqual([host, status], [host, 421]);
    assert.equal(JSON.parse(body).error.code, 'unknown-host');
  }
});

test('a server refuses what pages of other sites ask, and lets links lead to it', async () => {
  const server = await startServer(fill);
  const { host } = new URL(server.url);
  const [own, foreign] = [`http://${host}`, 'https://evil.example'];
  const cases: [string, Record<string, string>, number][] = [
    ['/v1/events', { origin: own, 'sec-fetch-site': 'same-origin' }, 200],
    ['/v1/events', { 'sec-fetch-site': 'none' }, 200],
    ['/v1/events', { origin: foreign }, 403],
    ['/v1/events', { origin: 'null' }, 403],
    ['/v1/live', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 403],
    ['/v1/events', { 'sec-fetch-site': 'same-site' }, 403],
    [
      '/v1/events',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
      403,
    ],
    [
      '/',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      200,
    ],
    ['/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
  ];
  for (const [path, headers, expected] of cases) {
    const { status, headers: answered } = await ask(server, path, headers);
    assert.deepEqual([path, headers, status], [path, headers, expected]);
    assert.equal(answered['access-control-allow-origin'], undefined);
  }
});

test('every answer, of a failure too, says that it is no script and may not be framed', async () => {
  const server = await startServer(fill);
  for (const path of ['/', '/v1/events', '/v1/nothing', '/v1/events?limt=1', '/metrics']) {
    const { headers } = await ask(server, path, {});
    assert.match(
      String(headers['content-security-policy']),
      /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    );
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  }
});

test('a server with a token asks for it everywhere but at its probes and pages', async () => {
  const server = await startServer(fill, { token: TOKEN });
  const secret = [
    '/v1/events',
    '/v1/live',
    '/v1/clusters',
    '/metrics',
    '/openapi.json',
    '/v1/stories/x',
    '/v1/nothing',
  ];
  for (const path of secret) {
    for (const authorization of [undefined, 'Bearer other', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
      const { status, headers, body } = await ask(
        server,
        path,
        authorization === undefined ? {} : { authorization },
      );
      assert.deepEqual([path, authorization, status], [path, authorization, 401]);
      assert.equal(headers['www-authenticate'], 'Bearer');
      assert.equal(body.includes(TOKEN), false);
    }
  }
  for (const path of ['/healthz', '/readyz', '/']) assert.equal((await ask(server, path, {})).status, 200);
  const authorization = `Bearer ${TOKEN}`;
  assert.equal((await ask(server, '/v1/events', { authorization })).status, 200);
});

test('a server takes no bodies, no other methods and no headers without end', async () => {
  const server = await startServer(fill);
  const errorOf = ({ status, body }: Answer) => [status, JSON.parse(body).error.code];
  const posted = await ask(server, '/v1/events', {}, 'POST');
  assert.deepEqual([...errorOf(posted), posted.headers.allow], [405, 'method-not-allowed', 'GET, HEAD']);
  assert.deepEqual(errorOf(await ask(server, '/v1/nothing', {}, 'POST')), [404, 'not-found']);
  const large = await ask(server, '/v1/events', { 'x-large': 'x'.repeat(20_000) });
  assert.deepEqual(errorOf(large), [431, 'too-large']);
  // Not even HTTP: it is answered and the connection closed.
  const { port, hostname } = new URL(server.url);
  const raw = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write('nonsense\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
  assert.match(raw, /^HTTP\/1\.1 400[\s\S]*"code":"usage"/);
});

test('a wrong value is quoted, with what is wanted and what to ask instead', async () => {
  const server = await startServer(fill);
  const wrong = async (path: string) => JSON.parse((await ask(server, path, {})).body).error;
  assert.deepEqual(await wrong('/v1/events?limit=0'), {
    code: 'usage',
    message: 'limit "0" is not a whole number from 1 to 5000',
    hint: 'For example: limit=100',
  });
  assert.equal(
    (await wrong('/v1/events?limit=many')).message,
    'limit "many" is not a whole number from 1 to 5000',
  );
  assert.deepEqual(await wrong('/v1/top?by=colour'), {
    code: 'usage',
    message: 'by "colour" is none of reasons, objects, components, namespaces',
    hint: 'For example: by=reasons',
  });
});
