import assert from 'node:assert/strict';
import { request } from 'node:https';
import { test } from 'node:test';
import { createClock } from '../../src/lib/clock.ts';
import { wallClock } from '../../src/lib/time.ts';
import { readTrust } from '../../src/server/access/read-trust.ts';
import { connectTo } from '../api-server/connect-to.ts';
import { type KeyPair, makeAuthority } from '../api-server/make-certificates.ts';
import { DEMO, importInto, serveFile, setUpAccess, startReviewer } from './guarded-server.ts';

const [serving, users, proxies] = ['serving', 'users', 'proxies'].map((name) => makeAuthority(name));
assert.ok(serving && users && proxies);
const keys = serving.issue({ name: 'hark', hosts: ['127.0.0.1'] });
const texts: Readonly<Record<string, string>> = {
  cert: keys.cert,
  key: keys.key,
  users: users.ca,
  proxies: proxies.ca,
};
const trust = await readTrust(
  {
    tlsCertFile: 'cert',
    tlsPrivateKeyFile: 'key',
    clientCaFile: 'users',
    requestheaderClientCaFile: 'proxies',
    requestheaderAllowedNames: ['login'],
  },
  (path) => texts[path] ?? '',
);
const { file, uid } = await importInto(DEMO);
const api = await startReviewer(uid);
api.review({
  tokens: { 'token-alice': { username: 'alice' } },
  allows: ({ user, groups }) => user === 'alice' || groups.includes('admins'),
});
const cluster = await connectTo(api, { clock: createClock(wallClock) });
const server = await serveFile(file, { ...setUpAccess([cluster], { trust }), tls: trust.tls });

function ask(
  cert: KeyPair | undefined,
  headers: Record<string, string | string[]> = {},
): Promise<number | string> {
  const options = { ca: serving?.ca, ...cert, headers, agent: false } as const;
  return new Promise((resolve) => {
    const sent = request(`${server.url}/v1/events?limit=1`, options, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', ({ message }) => resolve(message)).end();
  });
}

test('a certificate says who asks: the common name is the user, the organisations are the groups', async () => {
  assert.equal(await ask(users.issue({ name: 'alice' })), 200);
  assert.equal(await ask(users.issue({ name: 'bob' })), 403);
  assert.equal(await ask(users.issue({ name: 'bob', groups: ['people', 'admins'] })), 200);
});

test('a certificate that is over, of others, or missing says nothing', async () => {
  const over = users.issue({ name: 'alice', notAfter: new Date(Date.now() - 60_000) });
  assert.equal(await ask(over), 401);
  assert.equal(await ask(makeAuthority('users').issue({ name: 'alice' })), 401);
  assert.equal(await ask(serving.issue({ name: 'alice' })), 401);
  assert.equal(await ask(undefined), 401);
  // The proxies' CA is no CA of users.
  assert.equal(await ask(proxies.issue({ name: 'alice' })), 401);
  assert.equal(await ask(over, { authorization: 'Bearer token-alice' }), 200);
});

test('a proxy says who asks, and nobody else does for another', async () => {
  const login = proxies.issue({ name: 'login' });
  assert.equal(await ask(login, { 'x-remote-user': 'alice' }), 200);
  assert.equal(await ask(login, { 'x-remote-user': 'bob', 'x-remote-group': ['people', 'admins'] }), 200);
  assert.equal(await ask(login, { 'x-remote-user': 'bob', 'x-remote-group': 'people,admins' }), 403);
  assert.equal(await ask(login), 401);
  assert.equal(await ask(proxies.issue({ name: 'other' }), { 'x-remote-user': 'alice' }), 401);
  assert.equal(await ask(users.issue({ name: 'login' }), { 'x-remote-user': 'alice' }), 403);
  assert.equal(
    await ask(users.issue({ name: 'bob' }), { 'x-remote-user': 'alice', 'x-remote-group': 'admins' }),
    403,
  );
  assert.equal(await ask(undefined, { 'x-remote-user': 'alice' }), 401);
});
