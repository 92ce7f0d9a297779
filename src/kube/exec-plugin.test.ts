import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { type ApiServer, startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import type { Cluster } from './cluster.ts';
import { type ConnectOptions, connect } from './connect.ts';

/** A cluster whose user logs in by a plugin: a program of Node that is given `say(status)`, `info`, and `runs`, how often it has run. */
async function start(
  t: TestContext,
  program: string,
  exec: object = {},
  options: Partial<ConnectOptions> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'hark-plugin-'));
  const plugin = join(folder, 'plugin.mjs');
  writeFileSync(plugin, (HEAD + program).replaceAll('FOLDER', JSON.stringify(folder)));
  const server = await startApiServer();
  const usual = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', env: null };
  const user = { exec: { ...usual, command: process.execPath, args: [plugin], ...exec } };
  const cluster = await connect({
    kubeconfig: server.writeKubeconfig(user),
    env: { PATH: process.env.PATH, OWN: 'from the environment' },
    cwd: '/',
    clock: createFakeClock(),
    ...options,
  });
  t.after(async () => {
    cluster.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { server, cluster, folder };
}

const HEAD = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
appendFileSync(FOLDER + '/runs', 'x');
const runs = readFileSync(FOLDER + '/runs').length;
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const say = (status) => console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: 'ExecCredential', status }));
`;

async function ask(cluster: Cluster): Promise<number> {
  const response = await cluster.request({ path: '/version' });
  for await (const _ of response.body);
  return response.status;
}

function tokensOf(server: ApiServer): string[] {
  return server.requests.map(({ token }) => token);
}

test('openExecPlugin runs the plugin once and keeps its token', async (t) => {
  const { server, cluster, folder } = await start(t, `say({ token: 'token-' + runs });`);
  await Promise.all([ask(cluster), ask(cluster)]);
  await ask(cluster);
  assert.deepEqual(tokensOf(server), ['token-1', 'token-1', 'token-1']);
  assert.equal(readFileSync(join(folder, 'runs'), 'utf8'), 'x');
});

test('openExecPlugin runs the plugin again when its token has expired, and after a 401', async (t) => {
  const program = `say({ token: 'token-' + runs, expirationTimestamp: runs === 1 ? '2020-01-01T00:00:00Z' : '2100-01-01T00:00:00Z' });`;
  const { server, cluster } = await start(t, program);
  await ask(cluster);
  await ask(cluster);
  server.acceptTokens(['token-3']);
  assert.equal(await ask(cluster), 200);
  assert.deepEqual(tokensOf(server), ['token-1', 'token-2', 'token-2', 'token-3']);
});

test('openExecPlugin shows the certificate that the plugin gives', async (t) => {
  const { server, cluster, folder } = await start(
    t,
    `say({ clientCertificateData: readFileSync(FOLDER + '/crt', 'utf8'), clientKeyData: readFileSync(FOLDER + '/key', 'utf8') });`,
  );
  const { cert, key } = server.issue({ name: 'plugged' });
  writeFileSync(join(folder, 'crt'), cert);
  writeFileSync(join(folder, 'key'), key);
  await ask(cluster);
  assert.equal(server.requests[0]?.clientName, 'plugged');
});

test('openExecPlugin tells the plugin what it may want to know', async (t) => {
  const program = `writeFileSync(FOLDER + '/seen', JSON.stringify({ info, own: process.env.OWN, given: process.env.GIVEN })); say({ token: 't' });`;
  const exec = { provideClusterInfo: true, env: [{ name: 'GIVEN', value: 'from the kubeconfig' }] };
  const { server, cluster, folder } = await start(t, program, exec);
  await ask(cluster);
  const { info, own, given } = JSON.parse(readFileSync(join(folder, 'seen'), 'utf8'));
  assert.equal(own, 'from the environment');
  assert.equal(given, 'from the kubeconfig');
  assert.equal(info.kind, 'ExecCredential');
  assert.equal(info.spec.interactive, false);
  assert.equal(info.spec.cluster.server, server.url);
  assert.equal(Buffer.from(info.spec.cluster['certificate-authority-data'], 'base64').toString(), server.ca);
});

test('openExecPlugin hands on what the plugin says to the person', async (t) => {
  const said: string[] = [];
  const onPluginOutput = (text: string) => said.push(text);
  const program = `console.error('To sign in, open https://login.example.com'); say({ token: 't' });`;
  const { cluster } = await start(t, program, {}, { onPluginOutput });
  await ask(cluster);
  assert.deepEqual(said.join('').trim(), 'To sign in, open https://login.example.com');
});

test('openExecPlugin fails with the last thing the plugin said, never with what it printed', async (t) => {
  const { cluster } = await start(
    t,
    `console.log('{"token":"secret"'); console.error('line one\\nthe session has expired'); process.exit(3);`,
  );
  await assert.rejects(ask(cluster), (error: HarkError) => {
    assert.ok(error instanceof HarkError);
    assert.equal(error.code, 'credentials');
    assert.equal(error.exitCode, EXIT.forbidden);
    assert.match(error.message, /failed: the session has expired$/);
    assert.doesNotMatch(error.message + error.hint + String(error.cause), /secret/);
    return true;
  });
});

for (const [what, program] of [
  ['no JSON', `console.log('secret');`],
  ['no status', `console.log('{"kind":"ExecCredential","secret":1}');`],
] as const) {
  test(`openExecPlugin fails when the plugin prints ${what}`, async (t) => {
    const { cluster } = await start(t, program);
    await assert.rejects(ask(cluster), (error: HarkError) => {
      assert.match(error.message, /did not print an ExecCredential$/);
      assert.doesNotMatch(error.message + error.hint + String(error.cause), /secret/);
      return true;
    });
  });
}

test('openExecPlugin says how to install a plugin that is not there', async (t) => {
  const exec = { command: 'no-such-plugin', installHint: 'See https://example.com/install' };
  const { cluster } = await start(t, '', exec);
  await assert.rejects(ask(cluster), (error: HarkError) => {
    assert.match(error.message, /"no-such-plugin" is not installed/);
    assert.equal(error.hint, 'See https://example.com/install');
    return true;
  });
});

test('openExecPlugin ends the plugin when the wait for it is given up', async (t) => {
  const { cluster, folder } = await start(
    t,
    `writeFileSync(FOLDER + '/pid', String(process.pid)); setInterval(() => {}, 1000);`,
  );
  const stop = new AbortController();
  const asking = cluster.request({ path: '/version', signal: stop.signal });
  const file = join(folder, 'pid');
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise(setImmediate);
  const pid = Number(readFileSync(file, 'utf8'));
  stop.abort();
  await assert.rejects(asking, { name: 'AbortError' });
  cluster.close();
  while (isRunning(pid)) await new Promise(setImmediate);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
