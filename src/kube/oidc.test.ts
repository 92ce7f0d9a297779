import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { type ApiServer, startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import type { Cluster } from './cluster.ts';
import { connect } from './connect.ts';

/** A token as an identity provider makes it; nobody here checks its signature. */
function makeToken(issuer: string, endsAtMs: number): string {
  const claims = { iss: issuer, aud: 'hark', sub: 'jane', exp: Math.floor(endsAtMs / 1000), iat: 1 };
  const parts = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.c2ln`;
}

/** An identity provider: answers discovery, and each refresh with a token that lasts an hour. */
async function startIssuer(t: TestContext, server: ApiServer, hour: () => number) {
  const refreshes: URLSearchParams[] = [];
  const provider = createServer(
    server.issue({ name: 'issuer', hosts: ['127.0.0.1'] }),
    async (request, response) => {
      const body = await text(request);
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') {
        response.end(
          JSON.stringify({ issuer: url, token_endpoint: `${url}/token`, jwks_uri: `${url}/keys` }),
        );
        return;
      }
      refreshes.push(new URLSearchParams(body));
      const token = makeToken(url, hour());
      const answer = {
        access_token: 'a',
        token_type: 'Bearer',
        expires_in: 3600,
        id_token: token,
        refresh_token: `refresh-${refreshes.length}`,
      };
      response.end(JSON.stringify(answer));
    },
  );
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const url = `https://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  t.after(() => provider.close());
  return { url, refreshes };
}

async function start(t: TestContext, endsInMs: number, more: object = {}) {
  const server = await startApiServer();
  const clock = createFakeClock(Date.now() * 1000);
  const issuer = await startIssuer(t, server, () => clock.now() / 1000 + 3_600_000);
  const config = {
    'client-id': 'hark',
    'id-token': makeToken(issuer.url, Date.now() + endsInMs),
    'idp-issuer-url': issuer.url,
    'idp-certificate-authority-data': Buffer.from(server.ca).toString('base64'),
    ...more,
  };
  const user = { 'auth-provider': { name: 'oidc', config } };
  const kubeconfig = server.writeKubeconfig(user);
  const said: string[] = [];
  const onPluginOutput = (text: string) => said.push(text);
  const cluster = await connect({ kubeconfig, env: {}, cwd: '/', clock, onPluginOutput });
  t.after(async () => {
    cluster.close();
    await server.stop();
  });
  return { server, clock, issuer, cluster, config, kubeconfig, said };
}

async function ask(cluster: Cluster): Promise<number> {
  const response = await cluster.request({ path: '/version' });
  for await (const _ of response.body);
  return response.status;
}

test('openOidc sends the ID token while it lasts', async (t) => {
  const { server, issuer, cluster, config } = await start(t, 60_000);
  assert.equal(await ask(cluster), 200);
  assert.equal(server.requests[0]?.token, config['id-token']);
  assert.equal(issuer.refreshes.length, 0);
});

test('openOidc refreshes a token that has expired, once', async (t) => {
  const { server, issuer, cluster, config } = await start(t, -60_000, { 'refresh-token': 'refresh-0' });
  await Promise.all([ask(cluster), ask(cluster)]);
  await ask(cluster);
  assert.equal(issuer.refreshes.length, 1);
  assert.equal(issuer.refreshes[0]?.get('refresh_token'), 'refresh-0');
  const tokens = new Set(server.requests.map(({ token }) => token));
  assert.equal(tokens.size, 1);
  assert.ok(!tokens.has(config['id-token'] ?? ''));
});

test('openOidc says where to log in when the token has expired and cannot be refreshed', async (t) => {
  const { issuer, cluster } = await start(t, -60_000);
  await assert.rejects(ask(cluster), (error: HarkError) => {
    assert.ok(error instanceof HarkError);
    assert.equal(error.code, 'credentials');
    assert.equal(error.exitCode, EXIT.forbidden);
    assert.equal(error.hint, `Log in again at ${issuer.url}`);
    return true;
  });
});

test('openOidc refreshes by the newest refresh token after a 401', async (t) => {
  const { server, issuer, cluster } = await start(t, -60_000, { 'refresh-token': 'refresh-0' });
  await ask(cluster);
  server.script('any', { status: 401 });
  assert.equal(await ask(cluster), 200);
  assert.deepEqual(
    issuer.refreshes.map((refresh) => refresh.get('refresh_token')),
    ['refresh-0', 'refresh-1'],
  );
});

function readConfig(kubeconfig: string): Record<string, string> {
  return JSON.parse(readFileSync(kubeconfig, 'utf8')).users[0].user['auth-provider'].config;
}

test('openOidc writes the new tokens to the kubeconfig, and nothing else', async (t) => {
  const { server, cluster, kubeconfig, config, said } = await start(t, -60_000, {
    'refresh-token': 'refresh-0',
  });
  await ask(cluster);
  const token = server.requests[0]?.token;
  assert.deepEqual(readConfig(kubeconfig), { ...config, 'id-token': token, 'refresh-token': 'refresh-1' });
  assert.deepEqual(said, []);
});

test('openOidc takes the tokens that somebody else has put into the kubeconfig since, and refreshes by them', async (t) => {
  const { server, clock, issuer, cluster, config, kubeconfig } = await start(t, -60_000, {
    'refresh-token': 'refresh-0',
  });
  const fresh = makeToken(issuer.url, clock.now() / 1000 + 60_000);
  const content = readFileSync(kubeconfig, 'utf8');
  const replaced = content.replace(config['id-token'] ?? '', fresh).replace('refresh-0', 'kubectl-1');
  writeFileSync(kubeconfig, replaced);
  await ask(cluster);
  assert.deepEqual([issuer.refreshes.length, server.requests[0]?.token], [0, fresh]);
  clock.advance(60_000_000);
  await ask(cluster);
  assert.deepEqual(
    issuer.refreshes.map((refresh) => refresh.get('refresh_token')),
    ['kubectl-1'],
  );
});

test('openOidc goes on in memory and says so once when the kubeconfig is gone', async (t) => {
  const { clock, issuer, cluster, kubeconfig, said } = await start(t, -60_000, {
    'refresh-token': 'refresh-0',
  });
  rmSync(kubeconfig);
  await ask(cluster);
  clock.advance(3_600_000_000);
  await ask(cluster);
  assert.deepEqual(
    issuer.refreshes.map((refresh) => refresh.get('refresh_token')),
    ['refresh-0', 'refresh-1'],
  );
  assert.equal(said.length, 1);
  assert.match(
    said[0] ?? '',
    /^the refreshed OIDC token cannot be kept in kubeconfig ".*": ENOENT: .*\. kubectl may have to log in again\.\n$/,
  );
});

test('connect refuses the auth providers that Kubernetes has removed', async (t) => {
  const server = await startApiServer();
  t.after(() => server.stop());
  const user = { 'auth-provider': { name: 'gcp', config: {} } };
  await assert.rejects(connectTo(server, { user }), /"gcp", which Kubernetes removed in 1\.26/);
});
