import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startProxied } from '../../test/proxy/start-proxied.ts';
import { DEFAULT_RULES, type ProxyRules, parseExpressions } from './proxy-rules.ts';

const RULES: ProxyRules = {
  acceptHosts: parseExpressions(DEFAULT_RULES.acceptHosts, ''),
  acceptPaths: parseExpressions(DEFAULT_RULES.acceptPaths, ''),
  rejectPaths: parseExpressions(DEFAULT_RULES.rejectPaths, ''),
  rejectMethods: parseExpressions(DEFAULT_RULES.rejectMethods, ''),
};

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

async function send(
  url: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<IncomingMessage> {
  const sent = request(url, { method, headers, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

/** What has not come by then will not. */
const PATIENT = { timeout: 120_000 };

test(
  'passRequest hands on method, path, query, headers and body as they came, with the credentials of the user',
  PATIENT,
  async (t) => {
    const seen: { method?: string | undefined; url?: string | undefined; raw: string[]; body: string }[] = [];
    const { url } = await startProxied(t, async (message, response) => {
      seen.push({
        method: message.method,
        url: message.url,
        raw: message.rawHeaders,
        body: await text(message),
      });
      response.writeHead(201, 'Made', ['Warning', '299 - "one"', 'Warning', '299 - "two"', 'X-Kept', 'yes']);
      response.end('{"done":true}');
    });
    const answer = await send(`${url}/api/v1/namespaces/a%2Fb/pods?fieldManager=x&y=%2F`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/merge-patch+json',
        'X-Odd': 'k\u00e4se',
        connection: 'close, X-Mine',
        'X-Mine': '1',
      },
      // Node writes the head of a text in UTF-8.
      body: Buffer.from('{"a":1}'),
    });
    assert.equal(answer.statusCode, 201);
    assert.equal(answer.statusMessage, 'Made');
    assert.deepEqual(answer.headers.warning, '299 - "one", 299 - "two"');
    assert.equal(answer.headers['x-kept'], 'yes');
    assert.equal(await text(answer), '{"done":true}');
    const [one] = seen;
    assert.equal(one?.method, 'PATCH');
    assert.equal(one?.url, '/api/v1/namespaces/a%2Fb/pods?fieldManager=x&y=%2F');
    assert.equal(one?.body, '{"a":1}');
    const headers = new Map(one?.raw.map((name, at) => [name.toLowerCase(), one.raw[at + 1]]));
    assert.equal(headers.get('authorization'), 'Bearer its-own');
    assert.equal(headers.get('content-type'), 'application/merge-patch+json');
    assert.equal(headers.get('x-odd'), 'k\u00e4se');
    assert.equal(headers.get('x-forwarded-for'), '127.0.0.1');
    assert.equal(headers.has('x-mine'), false);
    assert.match(headers.get('host') ?? '', /^127\.0\.0\.1:\d+$/);
  },
);

test('passRequest leaves a client its own Authorization, as kubectl proxy does', PATIENT, async (t) => {
  const seen: (string | undefined)[] = [];
  const { url } = await startProxied(
    t,
    (message, response) => {
      seen.push(message.headers.authorization, message.headers['impersonate-user'] as string | undefined);
      response.end();
    },
    { user: { token: 'its-own', as: 'someone' } },
  );
  await send(url, { headers: { authorization: 'Bearer another', 'impersonate-user': 'jane' } });
  await send(url);
  assert.deepEqual(seen, ['Bearer another', 'jane', 'Bearer its-own', 'someone']);
});

test('passRequest hands an answer on as it comes, piece by piece, with its trailers', PATIENT, async (t) => {
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  const { url } = await startProxied(t, async (_message, response) => {
    response.writeHead(200, { trailer: 'X-Sum' });
    response.write('one');
    await heard;
    response.write('two');
    response.addTrailers({ 'X-Sum': '6' });
    response.end();
  });
  const answer = await send(url);
  const pieces: string[] = [];
  for await (const piece of answer) {
    pieces.push(String(piece));
    hear();
  }
  assert.deepEqual(pieces, ['one', 'two']);
  assert.equal(answer.trailers['x-sum'], '6');
});

test(
  'passRequest holds neither a large body nor a large answer, and changes no byte of them',
  PATIENT,
  async (t) => {
    const piece = Buffer.alloc(1024 * 1024, 'hark');
    const digest = createHash('sha256');
    for (let i = 0; i < 64; i += 1) digest.update(piece);
    const wanted = digest.digest('hex');
    const { url } = await startProxied(t, (message, response) => {
      response.setHeader('content-length', message.headers['content-length'] ?? 0);
      message.pipe(response);
    });
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-length': 64 * piece.length },
    });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    const writing = (async () => {
      for (let i = 0; i < 64; i += 1) if (!sent.write(piece)) await once(sent, 'drain');
      sent.end();
    })();
    const [answer] = await answered;
    const got = createHash('sha256');
    for await (const chunk of answer) got.update(chunk as Buffer);
    await writing;
    assert.equal(answer.headers['content-length'], String(64 * piece.length));
    assert.equal(got.digest('hex'), wanted);
  },
);

test('passRequest answers HEAD without a body and with the length', PATIENT, async (t) => {
  const { url } = await startProxied(t, (message, response) => {
    response.writeHead(200, { 'content-length': 1234, 'x-method': message.method ?? '' });
    response.end();
  });
  const answer = await send(url, { method: 'HEAD' });
  assert.equal(answer.headers['content-length'], '1234');
  assert.equal(answer.headers['x-method'], 'HEAD');
  assert.equal((await buffer(answer)).length, 0);
});

test('passRequest lets the server decide whether a body is to be sent', PATIENT, async (t) => {
  const { url, server } = await startProxied(t, async (message, response) =>
    response.end(await text(message)),
  );
  server.on('checkContinue', (message: IncomingMessage, response) => {
    if (message.url === '/refuse') return response.writeHead(413).end('too large');
    response.writeContinue();
    void text(message).then((body) => response.end(body));
  });
  const headers = { expect: '100-continue', 'content-length': '5' };
  const willing = request(`${url}/take`, { method: 'PUT', headers, agent: false });
  willing.flushHeaders();
  await once(willing, 'continue');
  willing.end('hello');
  const [taken] = (await once(willing, 'response')) as [IncomingMessage];
  assert.equal(await text(taken), 'hello');

  const refused = request(`${url}/refuse`, { method: 'PUT', headers, agent: false });
  let continued = false;
  refused.on('continue', () => {
    continued = true;
  });
  refused.on('error', () => {});
  refused.flushHeaders();
  const [answer] = (await once(refused, 'response')) as [IncomingMessage];
  assert.equal(answer.statusCode, 413);
  assert.equal(continued, false);
  refused.destroy();
});

test(
  'passRequest sends what has no body once more with newer credentials when they are refused',
  PATIENT,
  async (t) => {
    const tokens: (string | undefined)[] = [];
    const { url } = await startProxied(t, async (message, response) => {
      tokens.push(`${message.method} ${message.headers.authorization}`);
      await text(message);
      response.writeHead(tokens.length === 1 || message.method === 'POST' ? 401 : 200).end();
    });
    assert.equal((await send(url)).statusCode, 200);
    assert.equal((await send(url, { method: 'POST', body: 'x' })).statusCode, 401);
    assert.equal((await send(url, { headers: { authorization: 'Bearer another' } })).statusCode, 200);
    assert.deepEqual(tokens, [
      'GET Bearer its-own',
      'GET Bearer its-own',
      'POST Bearer its-own',
      'GET Bearer another',
    ]);
  },
);

test('passRequest ends a request when its client leaves', PATIENT, async (t) => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const { url } = await startProxied(t, (_message, response) => {
    response.once('close', () => leave());
    response.write('first');
    begin();
  });
  const answer = await send(`${url}/api/v1/pods?watch=true`);
  await begun;
  answer.destroy();
  await left;
});

test('passRequest cuts off an answer that breaks off', PATIENT, async (t) => {
  const { url } = await startProxied(t, (_message, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('some', () => response.destroy());
  });
  const answer = await send(url);
  await assert.rejects(text(answer), { code: 'ECONNRESET' });
});

test('passRequest answers 502 with a Status when the server cannot be reached', PATIENT, async (t) => {
  const { url, crash } = await startProxied(t, (_message, response) => response.end());
  await crash();
  const answer = await send(`${url}/api/v1/pods`);
  assert.equal(answer.statusCode, 502);
  const status = JSON.parse(await text(answer)) as Record<string, unknown>;
  assert.equal(status.kind, 'Status');
  assert.equal(status.code, 502);
  assert.equal(status.reason, 'ServiceUnavailable');
  assert.match(String(status.message), /cannot reach cluster "double" at https:.*connection refused/);
});

test('a server path goes before each request, once', PATIENT, async (t) => {
  const seen: (string | undefined)[] = [];
  const { url } = await startProxied(
    t,
    (message, response) => {
      seen.push(message.url);
      response.end();
    },
    { serverPath: '/k8s/clusters/c-1' },
  );
  await send(`${url}/version`);
  await send(`${url}/k8s/clusters/c-1/version?x=1`);
  assert.deepEqual(seen, ['/k8s/clusters/c-1/version', '/k8s/clusters/c-1/version?x=1']);
});

test(
  'the proxy refuses other hosts, commands in containers, and pages of other sites',
  PATIENT,
  async (t) => {
    const seen: (string | undefined)[] = [];
    const { url, port } = await startProxied(
      t,
      (message, response) => {
        seen.push(message.url);
        response.end('through');
      },
      { rules: RULES },
    );
    const statusOf = async (path: string, headers: Record<string, string> = {}) =>
      (await send(`${url}${path}`, { headers })).statusCode;
    assert.equal(await statusOf('/a'), 200);
    assert.equal(await statusOf('/b', { host: `localhost:${port}` }), 200);
    assert.equal(await statusOf('/no', { host: 'evil.example' }), 403);
    assert.equal(await statusOf('/api/v1/namespaces/n/pods/p/exec?command=id'), 403);
    assert.equal(await statusOf('/api/v1/namespaces/n/pods/p/%65xec'), 403);
    assert.equal(await statusOf('/no', { origin: 'https://evil.example' }), 403);
    assert.equal(await statusOf('/no', { origin: 'null' }), 403);
    assert.equal(await statusOf('/no', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }), 403);
    assert.equal(
      await statusOf('/c', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }),
      200,
    );
    assert.equal(await statusOf('/d', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }), 200);
    assert.deepEqual(seen, ['/a', '/b', '/c', '/d']);
    const refused = await send(`${url}/no`, { headers: { host: 'evil.example' } });
    assert.equal(await text(refused), 'Forbidden\n');
  },
);

test('the proxy sends an untidy path to the tidy one, which its rules are about', PATIENT, async (t) => {
  const { port } = await startProxied(t, (_message, response) => response.end('through'), { rules: RULES });
  const socket = connect(port, '127.0.0.1');
  socket.end(
    'GET //api/v1/namespaces/n/pods/../pods/p/exec?command=id HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  );
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1\.1 301 /);
  assert.match(answer, /\r\nlocation: \/api\/v1\/namespaces\/n\/pods\/p\/exec\?command=id\r\n/i);
});
