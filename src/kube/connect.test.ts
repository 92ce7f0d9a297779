import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { makeAuthority } from '../../test/api-server/make-certificates.ts';
import {
  type ApiServer,
  type ApiServerWishes,
  startApiServer,
} from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { MINUTE } from '../lib/time.ts';
import type { Cluster } from './cluster.ts';
import { readClusterIdentity } from './cluster-identity.ts';
import { type ConnectOptions, connect, readContexts } from './connect.ts';

async function start(t: TestContext, wishes: ApiServerWishes = {}): Promise<ApiServer> {
  const server = await startApiServer(wishes);
  t.after(() => server.stop());
  return server;
}

async function open(t: TestContext, options: Partial<ConnectOptions>): Promise<Cluster> {
  const cluster = await connect({ env: {}, cwd: '/', clock: createFakeClock(), ...options });
  t.after(() => cluster.close());
  return cluster;
}

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hark-connect-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function ask(cluster: Cluster, path = '/version'): Promise<number> {
  const response = await cluster.request({ path });
  for await (const _ of response.body);
  return response.status;
}

function isFailure(code: string, exitCode: number, message: RegExp, hint = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof HarkError, String(error));
    assert.equal(error.code, code, error.message);
    assert.equal(error.exitCode, exitCode);
    assert.match(error.message, message);
    assert.match(error.hint, hint);
    return true;
  };
}

test('connect trusts the CA of the kubeconfig, from data or from a file beside it', async (t) => {
  const server = await start(t);
  assert.equal(await ask(await open(t, { kubeconfig: server.writeKubeconfig() })), 200);
  const file = server.writeKubeconfig(
    {},
    { 'certificate-authority-data': '', 'certificate-authority': 'ca.crt' },
  );
  writeFileSync(join(file, '..', 'ca.crt'), server.ca);
  assert.equal(await ask(await open(t, { kubeconfig: file })), 200);
});

test('connect says what is wrong with a certificate, and what to do', async (t) => {
  const server = await start(t);
  const stranger = Buffer.from(makeAuthority('stranger').ca).toString('base64');
  const untrusted = server.writeKubeconfig({}, { 'certificate-authority-data': stranger });
  await assert.rejects(
    ask(await open(t, { kubeconfig: untrusted })),
    isFailure(
      'cluster-tls',
      EXIT.unreachable,
      /not signed by a CA that is trusted/,
      /--certificate-authority/,
    ),
  );
  const unknown = server.writeKubeconfig({}, { 'certificate-authority-data': '' });
  await assert.rejects(
    ask(await open(t, { kubeconfig: unknown })),
    isFailure('cluster-tls', EXIT.unreachable, /not signed by a CA that is trusted/),
  );
  const expired = await start(t, { certificate: { notAfter: new Date(Date.now() - 1000) } });
  await assert.rejects(
    ask(await open(t, { kubeconfig: expired.writeKubeconfig() })),
    isFailure('cluster-tls', EXIT.unreachable, /has expired/, /clock/),
  );
  const other = await start(t, { certificate: { hosts: ['api.example.com'] } });
  await assert.rejects(
    ask(await open(t, { kubeconfig: other.writeKubeconfig() })),
    isFailure('cluster-tls', EXIT.unreachable, /for other names/, /tls-server-name/),
  );
});

test('connect takes tls-server-name and insecure-skip-tls-verify from the kubeconfig', async (t) => {
  const server = await start(t, { certificate: { hosts: ['api.example.com'] } });
  const named = server.writeKubeconfig({}, { 'tls-server-name': 'api.example.com' });
  assert.equal(await ask(await open(t, { kubeconfig: named })), 200);
  const unchecked = { 'insecure-skip-tls-verify': true, 'certificate-authority-data': '' };
  assert.equal(await ask(await open(t, { kubeconfig: server.writeKubeconfig({}, unchecked) })), 200);
});

test('connect shows its client certificate, from data or from files beside the kubeconfig', async (t) => {
  const server = await start(t, { clientCertificate: 'required' });
  const { cert, key } = server.issue({ name: 'jane', groups: ['devs'] });
  const data = {
    'client-certificate-data': Buffer.from(cert).toString('base64'),
    'client-key-data': Buffer.from(key).toString('base64'),
  };
  assert.equal(await ask(await open(t, { kubeconfig: server.writeKubeconfig(data) })), 200);
  const file = server.writeKubeconfig({ 'client-certificate': 'jane.crt', 'client-key': 'jane.key' });
  writeFileSync(join(file, '..', 'jane.crt'), cert);
  writeFileSync(join(file, '..', 'jane.key'), key);
  assert.equal(await ask(await open(t, { kubeconfig: file })), 200);
  assert.deepEqual(
    server.requests.map(({ clientName }) => clientName),
    ['jane', 'jane'],
  );
  await assert.rejects(
    ask(await open(t, { kubeconfig: server.writeKubeconfig() })),
    isFailure('cluster-tls', EXIT.unreachable, /does not accept the client certificate, or wants one/),
  );
});

test('connect names the file when one that the kubeconfig names cannot be read', async (t) => {
  const server = await start(t);
  const file = server.writeKubeconfig({ tokenFile: 'nowhere/token' });
  const cluster = await open(t, { kubeconfig: file });
  await assert.rejects(ask(cluster), isFailure('credentials', EXIT.usage, /nowhere\/token/));
});

test('connect reads a token file again after a minute, and at once after a 401', async (t) => {
  const server = await start(t);
  const clock = createFakeClock();
  const file = server.writeKubeconfig({ tokenFile: 'token', token: 'never used' });
  const write = (token: string) => writeFileSync(join(file, '..', 'token'), `${token}\n`);
  write('first');
  const cluster = await open(t, { kubeconfig: file, clock });
  await ask(cluster);
  write('second');
  await ask(cluster);
  clock.advance(MINUTE);
  await ask(cluster);
  write('third');
  server.acceptTokens(['third']);
  assert.equal(await ask(cluster), 200);
  assert.deepEqual(
    server.requests.map(({ token }) => token),
    ['first', 'first', 'second', 'second', 'third'],
  );
});

test('connect sends user and password, and whom to impersonate', async (t) => {
  const server = await start(t);
  const user = {
    username: 'jane',
    password: 'x:y',
    as: 'joe',
    'as-uid': '7',
    'as-groups': ['ops', 'devs'],
    'as-user-extra': { 'example.com/team': ['a', 'b'] },
  };
  await ask(await open(t, { kubeconfig: server.writeKubeconfig(user) }));
  const { headers } = await server.seen('any');
  assert.equal(headers.authorization, `Basic ${Buffer.from('jane:x:y').toString('base64')}`);
  assert.equal(headers['impersonate-user'], 'joe');
  assert.equal(headers['impersonate-uid'], '7');
  assert.equal(headers['impersonate-group'], 'ops, devs');
  assert.equal(headers['impersonate-extra-example.com%2fteam'], 'a, b');
});

test('connect keeps its connections for the next request', async (t) => {
  const server = await start(t);
  const cluster = await open(t, { kubeconfig: server.writeKubeconfig() });
  for (let times = 0; times < 5; times++) await ask(cluster);
  assert.equal(server.connections(), 1);
});

test('connect replaces a kept connection without a word when the server has closed it', async (t) => {
  const server = await start(t);
  const cluster = await open(t, { kubeconfig: server.writeKubeconfig() });
  await ask(cluster);
  server.script('any', { reset: true });
  assert.equal(await ask(cluster), 200);
  assert.equal(server.requests.length, 3);
});

test('connect finds the kubeconfig as kubectl does', async (t) => {
  const server = await start(t);
  const folder = makeFolder(t);
  const file = server.writeKubeconfig();
  const env = { KUBECONFIG: ['missing', file, file].join(delimiter) };
  assert.equal((await open(t, { env, cwd: folder })).name, 'double');
  assert.deepEqual(await readContexts({ env, cwd: folder, kubeconfig: undefined }), {
    names: ['double'],
    current: 'double',
  });
  await assert.rejects(
    connect({ kubeconfig: 'nowhere', env, cwd: folder, clock: createFakeClock() }),
    isFailure('kubeconfig', EXIT.usage, /"\/.*\/nowhere": there is no such file/, /--kubeconfig/),
  );
  await assert.rejects(
    connect({ context: 'prod', env, cwd: folder, clock: createFakeClock() }),
    isFailure('unknown-context', EXIT.usage, /no context "prod"/, /--context NAME: double/),
  );
  await assert.rejects(
    connect({ env: { HOME: folder }, cwd: folder, clock: createFakeClock() }),
    isFailure('no-kubeconfig', EXIT.unreachable, /\.kube/, /--from FILE/),
  );
});

test('connect uses the service account of the Pod it runs in, where there is no kubeconfig', async (t) => {
  const server = await start(t);
  const folder = makeFolder(t);
  for (const [name, text] of [
    ['token', 'pod-token'],
    ['ca.crt', server.ca],
    ['namespace', 'monitoring'],
  ] as const) {
    writeFileSync(join(folder, name), text);
  }
  const { hostname, port } = new URL(server.url);
  const env = { HOME: folder, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  const cluster = await open(t, { env, serviceAccountFolder: folder });
  assert.equal(await ask(cluster), 200);
  assert.equal(cluster.name, 'in-cluster');
  assert.equal(cluster.namespace, 'monitoring');
  assert.equal((await server.seen('any')).token, 'pod-token');
  const both = { ...env, KUBECONFIG: server.writeKubeconfig() };
  assert.equal((await open(t, { env: both, serviceAccountFolder: folder })).name, 'double');
});

test('connect sends no credentials over plain HTTP', async (t) => {
  const { createServer } = await import('node:http');
  const seen: (string | undefined)[] = [];
  const plain = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  t.after(() => plain.close());
  const { port } = plain.address() as { port: number };
  const file = (await start(t)).writeKubeconfig(
    { token: 'secret' },
    { server: `http://127.0.0.1:${port}/k8s/clusters/one/`, 'certificate-authority-data': '' },
  );
  assert.equal(await ask(await open(t, { kubeconfig: file })), 200);
  assert.deepEqual(seen, ['/k8s/clusters/one/version undefined']);
});

test('connect says that a server speaks no TLS', async (t) => {
  const { createServer } = await import('node:net');
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  t.after(() => plain.close());
  const { port } = plain.address() as { port: number };
  const file = (await start(t)).writeKubeconfig({}, { server: `https://127.0.0.1:${port}` });
  await assert.rejects(
    ask(await open(t, { kubeconfig: file })),
    isFailure('cluster-tls', EXIT.unreachable, /does not speak TLS/, /http:/),
  );
});

test('readClusterIdentity tells the UID of kube-system and the version', async (t) => {
  const server = await start(t, { kubeSystemUid: 'the-uid', version: 'v1.31.0' });
  const cluster = await open(t, { kubeconfig: server.writeKubeconfig() });
  const { signal } = new AbortController();
  assert.deepEqual(await readClusterIdentity(cluster, createFakeClock(), signal), {
    uid: 'the-uid',
    uidIsGuessed: false,
    name: 'double',
    version: 'v1.31.0',
  });
});

test('readClusterIdentity makes an identity of server and CA when kube-system may not be read, and says so', async (t) => {
  const server = await start(t);
  server.allow(() => false);
  const { signal } = new AbortController();
  const identities = [];
  for (const user of [{ token: 'a' }, { token: 'b' }]) {
    const cluster = await open(t, { kubeconfig: server.writeKubeconfig(user) });
    identities.push(await readClusterIdentity(cluster, createFakeClock(), signal));
  }
  const [first, second] = identities;
  assert.match(first?.uid ?? '', /^server-[0-9a-f]{32}$/);
  assert.equal(first?.uidIsGuessed, true);
  assert.deepEqual(first, second);
});
