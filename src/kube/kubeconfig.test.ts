import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { HarkError } from '../lib/errors.ts';
import { mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts';
import { pickContext } from './pick-context.ts';
import { findKubeconfigFiles, readKubeconfig } from './read-kubeconfig.ts';

function write(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hark-kubeconfig-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config');
  writeFileSync(file, content);
  return file;
}

const CLOUD = `
apiVersion: v1
kind: Config
preferences: {}
current-context: cloud
clusters:
- cluster: {certificate-authority: ca.pem, server: "https://api.example.com/", tls-server-name: inner, proxy-url: socks5://p}
  name: cloud
users:
- name: cloud
  user:
    tokenFile: /var/token
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: bin/plugin
      args: null
      env: null
      provideClusterInfo: false
- name: tool
  user: {exec: {command: tool, args: [token, -i, 7]}}
contexts:
- context: {cluster: cloud, user: cloud, namespace: shop}
  name: cloud
`;

test('readKubeconfig takes relative paths from the folder of the file', async (t) => {
  const file = write(t, CLOUD);
  const config = await readKubeconfig({ files: [file], mustExist: true });
  const cluster = config?.clusters.get('cloud');
  assert.equal(cluster?.caFile, join(file, '..', 'ca.pem'));
  assert.equal(cluster?.server, 'https://api.example.com');
  const user = config?.users.get('cloud');
  assert.equal(user?.tokenFile, '/var/token');
  assert.equal(user?.exec?.command, join(file, '..', 'bin/plugin'));
  assert.deepEqual([user?.exec?.args, user?.exec?.env, user?.exec?.interactive], [[], [], true]);
  const tool = config?.users.get('tool')?.exec;
  assert.deepEqual([tool?.command, tool?.args], ['tool', ['token', '-i', '7']]);
});

test('pickContext gives the context with its cluster and user', async (t) => {
  const config = await readKubeconfig({ files: [write(t, CLOUD)], mustExist: true });
  const picked = pickContext(config ?? parseKubeconfig({}, ''), undefined);
  assert.deepEqual(
    [picked.name, picked.namespace, picked.cluster.tlsServerName, picked.cluster.proxyUrl, picked.user.name],
    ['cloud', 'shop', 'inner', 'socks5://p', 'cloud'],
  );
});

test('readKubeconfig reads JSON, an empty file, keys that come twice, and the first document', async (t) => {
  for (const [content, current] of [
    ['{"current-context":"a"}', 'a'],
    ['', ''],
    ['# nothing\n', ''],
    ['current-context: a\ncurrent-context: b\n', 'b'],
    ['current-context: a\n---\ncurrent-context: b\n', 'a'],
  ] as const) {
    const config = await readKubeconfig({ files: [write(t, content)], mustExist: true });
    assert.equal(config?.currentContext, current, content);
  }
});

test('readKubeconfig merges mappings when they are shared', async (t) => {
  const text =
    'clusters:\n- {name: x, cluster: &base {server: "https://x"}}\n- {name: inner, cluster: {<<: *base, tls-server-name: z}}\n';
  const config = await readKubeconfig({ files: [write(t, text)], mustExist: true });
  const { server, tlsServerName } = config?.clusters.get('inner') ?? {};
  assert.deepEqual([server, tlsServerName], ['https://x', 'z']);
});

test('readKubeconfig says which file cannot be read, and why', async (t) => {
  for (const content of ['a: [', '- a\n- b\n', 'just text']) {
    const file = write(t, content);
    await assert.rejects(readKubeconfig({ files: [file], mustExist: false }), (error: HarkError) => {
      assert.ok(error instanceof HarkError);
      assert.equal(error.code, 'kubeconfig');
      assert.ok(error.message.includes(file), error.message);
      return true;
    });
  }
});

test('readKubeconfig tells no secret when the line of one has a mistake', async (t) => {
  const file = write(t, 'users:\n- name: a\n  user: {token: "s3cret\n');
  await assert.rejects(readKubeconfig({ files: [file], mustExist: true }), (error: HarkError) => {
    assert.match(error.message, /indentation/);
    assert.doesNotMatch(`${error.message} ${error.hint} ${error.cause}`, /s3cret/);
    return true;
  });
});

test('readKubeconfig says undefined when no file is there and none has to be', async () => {
  assert.equal(await readKubeconfig({ files: ['/nowhere/config'], mustExist: false }), undefined);
});

test('mergeKubeconfigs lets the first file win, as kubectl does', () => {
  const one = parseKubeconfig(
    {
      clusters: [{ name: 'c', cluster: { server: 'https://one' } }],
      users: [{ name: 'u', user: { token: '1' } }],
    },
    '/one',
  );
  const two = parseKubeconfig(
    {
      'current-context': 'x',
      clusters: [
        { name: 'c', cluster: { server: 'https://two', 'tls-server-name': 'lost' } },
        { name: 'd', cluster: { server: 'https://d' } },
      ],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    },
    '/two',
  );
  const merged = mergeKubeconfigs([one, two]);
  const picked = pickContext(merged, undefined);
  assert.deepEqual(
    [picked.cluster.server, picked.cluster.tlsServerName, picked.user.token],
    ['https://one', '', '1'],
  );
  assert.equal(merged.clusters.get('d')?.server, 'https://d');
});

test('pickContext says what a context lacks', () => {
  const config = parseKubeconfig(
    {
      clusters: [{ name: 'c', cluster: { server: 'https://c' } }, { name: 'empty' }],
      contexts: [
        { name: 'no-cluster', context: { cluster: 'gone', user: 'u' } },
        { name: 'no-server', context: { cluster: 'empty' } },
        { name: 'no-user', context: { cluster: 'c', user: 'gone' } },
        { name: 'anonymous', context: { cluster: 'c' } },
      ],
    },
    '/config',
  );
  assert.throws(
    () => pickContext(config, 'no-cluster'),
    /cluster "gone", which the kubeconfig does not define/,
  );
  assert.throws(() => pickContext(config, 'no-server'), /cluster "empty", which has no server/);
  assert.throws(() => pickContext(config, 'no-user'), /user "gone", which the kubeconfig does not define/);
  assert.throws(
    () => pickContext(config, undefined),
    (error: HarkError) => {
      assert.match(error.message, /sets no current context/);
      assert.match(error.hint, /no-cluster, no-server, no-user, anonymous/);
      return true;
    },
  );
  assert.equal(pickContext(config, 'anonymous').namespace, 'default');
});

test('findKubeconfigFiles looks where kubectl looks', () => {
  const home = { HOME: '/home/jane' };
  assert.deepEqual(findKubeconfigFiles('own', { KUBECONFIG: '/k' }, '/w'), {
    files: ['/w/own'],
    mustExist: true,
  });
  assert.deepEqual(findKubeconfigFiles(undefined, { KUBECONFIG: '/k:rel::/k' }, '/w').files, [
    '/k',
    '/w/rel',
  ]);
  assert.deepEqual(findKubeconfigFiles('', home, '/w').files, ['/home/jane/.kube/config']);
  assert.deepEqual(findKubeconfigFiles(undefined, { USERPROFILE: '/users/jane' }, '/w').files, [
    '/users/jane/.kube/config',
  ]);
  assert.deepEqual(findKubeconfigFiles(undefined, {}, '/w').files, []);
});
