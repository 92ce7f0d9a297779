import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { makeAuthority } from '../api-server/make-certificates.ts';
import { makeFolder, startHark } from '../cli/start-hark.ts';
import { createRawClient, type RawClient } from './raw-client.ts';
import { type ControlPlane, findControlPlane, NO_CONTROL_PLANE, startControlPlane } from './start.ts';

const assets = findControlPlane();
const kubectlFile = join(assets ?? '', 'kubectl');
const PATIENCE_MS = 120_000;
const TOKENS = { alice: 'token-a', carol: 'token-c', nobody: 'token-n', dave: 'token-d' };
const KINDS = ['stories', 'findings', 'events.history.hark.dev'];
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLES = 'rbac.authorization.k8s.io';
const why = assets === undefined || !existsSync(kubectlFile) ? `${NO_CONTROL_PLANE}, and kubectl` : false;

suite('Hark is a part of a real API server', { skip: why }, () => {
  let plane: ControlPlane;
  let client: RawClient;
  let server: ChildProcess | undefined;
  // Made here: what a hook makes ends with the hook.
  const folder = makeFolder();
  const authority = makeAuthority('hark-serving');

  before(async () => {
    plane = await startControlPlane(assets ?? '', { controllers: true, aggregation: true, tokens: TOKENS });
    client = createRawClient(plane.kubeconfig);
    for (const namespace of ['shop', 'vault']) {
      await client.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
      await makeDeployment(client, namespace, `${namespace}-web`);
    }
    server = spawnServer(plane, folder, authority.issue({ name: 'hark', hosts: ['hark.default.svc'] }));
    const port = await readPort(server);
    await register(client, port, authority.ca);
    await bind(client, 'shop', 'alice');
    await bind(client, '', 'carol');
    await bind(client, 'shop', 'dave', 'hark-history');
    // Not by kubectl: it remembers for minutes which groups there are.
    await waitFor('findings of both namespaces by way of the API server', async () => {
      // Until it is known, the answer is no JSON.
      const answer = await client.send('GET', '/apis/history.hark.dev/v1/findings').catch(String);
      const text = JSON.stringify(answer);
      return [['shop-web', 'vault-web'].every((word) => text.includes(word)), text];
    });
  });

  after(async () => {
    server?.kill('SIGKILL');
    client?.close();
    await plane?.stop();
  });

  function kubectl(user: keyof typeof TOKENS, ...args: string[]) {
    const kubeconfig = plane.writeKubeconfig({ name: user, token: TOKENS[user] });
    const flags = ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, user)];
    const { status, stdout, stderr } = spawnSync(kubectlFile, [...flags, ...args], { encoding: 'utf8' });
    return { status, text: `${stdout}${stderr}` };
  }

  test('kubectl shows stories, findings and Events as kinds of the cluster', () => {
    for (const kind of KINDS) {
      const { status, text } = kubectl('carol', 'get', kind, '-A');
      assert.equal(status, 0, text);
      // One finding may stand for the workloads of both.
      const rows = kind === 'findings' ? [/(shop|vault)-web/] : [/shop.*shop-web/, /vault.*vault-web/];
      for (const row of rows) assert.match(text, row);
    }
    const resources = kubectl('carol', 'api-resources', '--api-group=history.hark.dev').text;
    for (const kind of ['Event', 'Story', 'Finding']) assert.match(resources, new RegExp(`${kind}$`, 'm'));
  });

  test('whoever asks for events is shown the cluster’s own still', () => {
    for (const name of ['events', 'ev', 'event']) {
      const { status, text } = kubectl('carol', 'get', name, '-n', 'shop', '-o', 'json');
      assert.equal(status, 0, text);
      const { items } = JSON.parse(text.replace(/^Warning:.*\n|\nWarning:.*$/gm, ''));
      assert.deepEqual(
        new Set(items.map(({ apiVersion }: { apiVersion: string }) => apiVersion)),
        new Set(['v1']),
      );
    }
  });

  test('a watch of the recorded Events comes by way of the API server as it is told', async () => {
    const kubeconfig = plane.writeKubeconfig({ name: 'alice', token: TOKENS.alice });
    const args = ['get', 'events.history.hark.dev', '-n', 'shop', '--watch'];
    const watch = spawn(kubectlFile, ['--kubeconfig', kubeconfig, '--cache-dir', folder, ...args]);
    let told = '';
    for (const stream of [watch.stdout, watch.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        told += chunk;
      });
    try {
      await waitFor('the Events that there were', async () => [told.includes('FailedScheduling'), told]);
      await makeDeployment(client, 'shop', 'later');
      await waitFor('those that came then', async () => [/deployment\/later/.test(told), told]);
      assert.equal(told.includes('vault'), false, told);
    } finally {
      watch.kill('SIGKILL');
    }
  });

  test('everyone is shown what is theirs: the API server says who asks, Hark asks what they may see', () => {
    for (const kind of KINDS) {
      const own = kubectl('alice', 'get', kind, '-n', 'shop', '-o', 'json');
      assert.equal(own.status, 0, own.text);
      assert.ok(own.text.includes('shop-web') && !own.text.includes('vault'), own.text);
      for (const args of [['-n', 'vault'], ['-n', 'not-there'], ['-A']]) {
        const { status, text } = kubectl('alice', 'get', kind, ...args);
        assert.equal(status, 1, text);
        assert.match(text, /\(Forbidden\).*User "alice" cannot list resource/);
      }
      assert.match(kubectl('nobody', 'get', kind, '-n', 'shop').text, /\(Forbidden\)/);
    }
  });

  test('who may ask for stories, but may not list Events, is told none', () => {
    const allowed = kubectl('dave', 'auth', 'can-i', 'list', 'stories.history.hark.dev', '-n', 'shop');
    assert.equal(allowed.text, 'yes\n');
    for (const kind of KINDS) {
      const { status, text } = kubectl('dave', 'get', kind, '-n', 'shop');
      assert.equal(status, 1, text);
      assert.match(text, /\(Forbidden\).*User "dave" cannot list resource/);
    }
  });
});

async function makeDeployment(client: RawClient, namespace: string, name: string): Promise<void> {
  const labels = { app: 'web' };
  await client.send('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
    },
  });
}

function spawnServer(
  plane: ControlPlane,
  folder: string,
  keys: { readonly cert: string; readonly key: string },
): ChildProcess {
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  writeFileSync(cert, keys.cert);
  writeFileSync(key, keys.key);
  return startHark([
    'serve',
    ...['--listen', '127.0.0.1:0', '--store', join(folder, 'events.db'), '--kubeconfig', plane.kubeconfig],
    ...['--tls-cert-file', cert, '--tls-private-key-file', key, '--host', 'hark.default.svc'],
    ...['--authorization-mode', 'Webhook', '--authentication-lookup'],
  ]);
}

async function readPort({ stdout, stderr }: ChildProcess): Promise<number> {
  let said = '';
  stdout?.resume();
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const find = () => /Hark is at \S+:(\d+)\n/.exec(said)?.[1];
  await waitFor('the address of the server', async () => [find() !== undefined, said]);
  return Number(find());
}

/** As deploy/apiservice.yaml has it; the Service leads to this machine. */
async function register(client: RawClient, port: number, ca: string): Promise<void> {
  await client.send('POST', '/api/v1/namespaces/default/services', {
    metadata: { name: 'hark' },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
  });
  const text = readFileSync(new URL('../../deploy/apiservice.yaml', import.meta.url), 'utf8');
  const [role, service] = parseAllDocuments(
    text.replaceAll('CA_BUNDLE', Buffer.from(ca).toString('base64')),
  ).map((document) => document.toJS() as { spec: { service: { port: number } } });
  assert.ok(role && service);
  await client.send('POST', `${RBAC}/clusterroles`, role);
  service.spec.service.port = port;
  await client.send('POST', '/apis/apiregistration.k8s.io/v1/apiservices', service);
}

async function bind(client: RawClient, namespace: string, user: string, role = 'view'): Promise<void> {
  const path = namespace === '' ? 'clusterrolebindings' : `namespaces/${namespace}/rolebindings`;
  await client.send('POST', `${RBAC}/${path}`, {
    metadata: { name: user },
    roleRef: { apiGroup: ROLES, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: ROLES, kind: 'User', name: user }],
  });
}

/** Asks until it is so; then what was seen last is in the failure. */
async function waitFor(what: string, look: () => Promise<[isSo: boolean, seen: string]>): Promise<void> {
  for (const since = performance.now(); ; await delay(200)) {
    const [isSo, seen] = await look();
    if (isSo) return;
    if (performance.now() - since > PATIENCE_MS)
      throw new Error(`not seen: ${what}; but ${seen.slice(0, 2_000)}`);
  }
}
