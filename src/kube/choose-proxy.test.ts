import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { type ApiServer, startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { type ProxyDouble, startHttpProxy, startSocksProxy } from '../../test/start-proxy.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { chooseProxy, isProxied } from './choose-proxy.ts';
import { connect } from './connect.ts';

const SERVER = new URL('https://api.example.com:6443');

test('chooseProxy takes the proxy of the kubeconfig before that of the environment', () => {
  const env = { HTTPS_PROXY: 'http://env:3128', NO_PROXY: '*' };
  assert.equal(chooseProxy(SERVER, 'socks5://own:1080', env)?.href, 'socks5://own:1080');
  assert.equal(chooseProxy(SERVER, '', env), undefined);
});

test('chooseProxy takes HTTPS_PROXY or HTTP_PROXY by the scheme of the server, in capitals or not', () => {
  const plain = new URL('http://api.example.com');
  assert.equal(chooseProxy(SERVER, '', { https_proxy: 'proxy:3128' })?.href, 'http://proxy:3128/');
  assert.equal(chooseProxy(SERVER, '', { HTTP_PROXY: 'proxy:3128' }), undefined);
  assert.equal(chooseProxy(plain, '', { HTTP_PROXY: 'http://proxy' })?.href, 'http://proxy/');
  assert.equal(chooseProxy(SERVER, '', {}), undefined);
});

test('chooseProxy refuses what is no proxy', () => {
  for (const url of ['ftp://proxy', 'http://:::']) {
    assert.throws(
      () => chooseProxy(SERVER, url, {}),
      (error: HarkError) => {
        assert.equal(error.code, 'proxy');
        assert.equal(error.exitCode, EXIT.usage);
        assert.match(error.message, /wanted is http, https or socks5/);
        return true;
      },
    );
  }
});

test('isProxied reads NO_PROXY as Go does', () => {
  const cases: [url: string, noProxy: string, proxied: boolean][] = [
    ['https://api.example.com', '', true],
    ['https://api.example.com', '*', false],
    ['https://api.example.com', 'example.com', false],
    ['https://example.com', 'example.com', false],
    ['https://example.com', '.example.com', true],
    ['https://api.example.com', '.example.com', false],
    ['https://api.example.com', '*.example.com', false],
    ['https://badexample.com', 'example.com', true],
    ['https://api.example.com', 'other.com, API.example.com', false],
    ['https://api.example.com:6443', 'api.example.com:6443', false],
    ['https://api.example.com:6443', 'api.example.com:443', true],
    ['https://api.example.com', 'api.example.com:443', false],
    ['https://10.1.2.3:6443', '10.0.0.0/8', false],
    ['https://11.1.2.3:6443', '10.0.0.0/8', true],
    ['https://10.1.2.3:6443', '10.1.2.3', false],
    ['https://10.1.2.3:6443', '10.1.2.3:6443', false],
    ['https://[fd00::1]:6443', 'fd00::/8', false],
    ['https://[fd00::1]:6443', 'fd00::1', false],
    ['https://[fd00::1]:6443', '10.0.0.0/99,fd00::/x', true],
    ['https://localhost:6443', '', false],
    ['https://127.0.0.1:6443', '', false],
    ['https://[::1]:6443', '', false],
  ];
  for (const [url, noProxy, proxied] of cases) {
    assert.equal(isProxied(new URL(url), noProxy), proxied, `${url} with NO_PROXY="${noProxy}"`);
  }
});

const HOST = 'api.example.test';

async function start(t: TestContext, startProxy: () => Promise<ProxyDouble>) {
  const server = await startApiServer({ certificate: { hosts: [HOST] }, clientCertificate: 'required' });
  const proxy = await startProxy();
  t.after(() => Promise.all([proxy.stop(), server.stop()]));
  return { server, proxy };
}

/** Asks a server for its version, by a name that only the proxy can resolve. */
async function ask(server: ApiServer, cluster: object, env: Record<string, string> = {}): Promise<number> {
  const { cert, key } = server.issue({ name: 'jane' });
  const user = {
    'client-certificate-data': Buffer.from(cert).toString('base64'),
    'client-key-data': Buffer.from(key).toString('base64'),
  };
  const url = server.url.replace('127.0.0.1', HOST);
  const kubeconfig = server.writeKubeconfig(user, { server: url, ...cluster });
  const opened = await connect({ kubeconfig, env, cwd: '/', clock: createFakeClock() });
  try {
    const response = await opened.request({ path: '/version' });
    for await (const _ of response.body);
    return response.status;
  } finally {
    opened.close();
  }
}

test('connect goes through the HTTP proxy of the kubeconfig, showing it the credentials in its URL', async (t) => {
  const { server, proxy } = await start(t, startHttpProxy);
  assert.equal(await ask(server, { 'proxy-url': proxy.url.replace('//', '//joe:s%20x@') }), 200);
  const target = server.url.replace('https://127.0.0.1', HOST);
  assert.deepEqual(proxy.asked, [`${target} Basic ${Buffer.from('joe:s x').toString('base64')}`]);
});

test('connect goes through the proxy of the environment, unless NO_PROXY has the server', async (t) => {
  const { server, proxy } = await start(t, startHttpProxy);
  assert.equal(await ask(server, {}, { HTTPS_PROXY: proxy.url }), 200);
  assert.equal(proxy.asked.length, 1);
  await assert.rejects(
    ask(server, {}, { HTTPS_PROXY: proxy.url, NO_PROXY: '.example.test' }),
    /cannot be resolved/,
  );
  assert.equal(proxy.asked.length, 1);
});

test('connect asks the HTTP proxy for what a plain server has', async (t) => {
  const server = createServer((request, response) => response.end(JSON.stringify({ path: request.url })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startHttpProxy();
  t.after(() => Promise.all([proxy.stop(), server.close()]));
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const double = await startApiServer();
  t.after(() => double.stop());
  const kubeconfig = double.writeKubeconfig({}, { server: url });
  const env = { HTTP_PROXY: proxy.url };
  const opened = await connect({ kubeconfig, env, cwd: '/', clock: createFakeClock() });
  t.after(() => opened.close());
  for (const limit of ['1', '2']) {
    const response = await opened.request({ path: '/version', query: { limit } });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    assert.deepEqual(JSON.parse(Buffer.concat(chunks).toString()), { path: `/version?limit=${limit}` });
  }
  assert.deepEqual(proxy.asked, [`GET ${url}/version?limit=1`, `GET ${url}/version?limit=2`]);
});

test('connect goes through a SOCKS proxy, which resolves the name', async (t) => {
  const { server, proxy } = await start(t, startSocksProxy);
  assert.equal(await ask(server, { 'proxy-url': proxy.url }), 200);
  assert.deepEqual(proxy.asked, [server.url.replace('https://127.0.0.1', HOST)]);
});

test('connect says so when the proxy refuses, without its credentials', async (t) => {
  const { server, proxy } = await start(t, () => startHttpProxy(407));
  const proxied = ask(server, { 'proxy-url': proxy.url.replace('//', '//joe:secret@') });
  await assert.rejects(proxied, (error: HarkError) => {
    assert.ok(error instanceof HarkError);
    assert.equal(error.exitCode, EXIT.unreachable);
    assert.match(error.message, /the proxy refused: .* 407/);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /secret/);
    return true;
  });
});
