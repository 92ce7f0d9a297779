import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { type ApiServerWishes, startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { discover, findResource } from './discovery.ts';
import { getObjectMetadata } from './get-object.ts';

const ROLLOUT = {
  kind: 'Rollout',
  group: 'argoproj.io',
  version: 'v1alpha1',
  plural: 'rollouts',
  namespaced: true,
  shortNames: ['ro'],
};

const OBJECTS = [
  {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'web-0', namespace: 'shop', uid: 'pod-uid', annotations: { a: 'b' } },
  },
  { kind: 'Node', apiVersion: 'v1', metadata: { name: 'node-1', uid: 'node-uid' } },
  {
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    metadata: { name: 'nightly', namespace: 'shop', uid: 'cron-uid' },
  },
  {
    kind: 'Rollout',
    apiVersion: 'argoproj.io/v1alpha1',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'rollout-uid',
      ownerReferences: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
          name: 'shop',
          uid: 'app-uid',
          controller: true,
        },
      ],
    },
  },
];

async function start(t: TestContext, wishes: ApiServerWishes = {}) {
  const server = await startApiServer({ objects: OBJECTS, customKinds: [ROLLOUT], ...wishes });
  const clock = createFakeClock();
  const cluster = await connectTo(server, { clock });
  t.after(async () => {
    cluster.close();
    await server.stop();
  });
  const asking = { clock, signal: new AbortController().signal };
  const get = async (kind: string, name: string) =>
    await getObjectMetadata(cluster, { kind, name, namespace: 'shop' }, asking);
  return { server, cluster, asking, get };
}

test('getObjectMetadata gives uid, annotations and owners', async (t) => {
  const { get } = await start(t);
  assert.deepEqual(await get('po', 'web-0'), {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'shop',
    name: 'web-0',
    uid: 'pod-uid',
    annotations: { a: 'b' },
    ownerReferences: [],
  });
  assert.equal((await get('nodes', 'node-1'))?.uid, 'node-uid');
  assert.deepEqual(
    (await get('rollouts.argoproj.io', 'web'))?.ownerReferences,
    OBJECTS[3]?.metadata.ownerReferences,
  );
});

test('getObjectMetadata asks for nothing but metadata, and discovers nothing for kinds that it knows', async (t) => {
  const { server, get } = await start(t);
  await get('pod', 'web-0');
  assert.equal(server.requests.length, 1);
  assert.match(server.requests[0]?.headers.accept ?? '', /^application\/json;as=PartialObjectMetadata;/);
});

test('getObjectMetadata says undefined when there is no such object or kind', async (t) => {
  const { get } = await start(t);
  assert.equal(await get('pod', 'gone'), undefined);
  assert.equal(await get('spaceship', 'web'), undefined);
});

test('getObjectMetadata fails when the object may not be read', async (t) => {
  const { server, get } = await start(t);
  server.allow(() => false);
  await assert.rejects(get('pod', 'web-0'), { code: 'forbidden', exitCode: 4 });
});

for (const aggregatedDiscovery of [true, false]) {
  test(`findResource knows all names of a kind, ${aggregatedDiscovery ? 'all groups at once' : 'group by group'}`, async (t) => {
    const { server, cluster, asking } = await start(t, { aggregatedDiscovery });
    for (const word of [
      'ro',
      'rollout',
      'Rollouts',
      'rollout.argoproj.io',
      'ro.v1alpha1',
      'rollouts.v1alpha1.argoproj.io',
    ]) {
      const found = await findResource(cluster, word, asking);
      assert.deepEqual(
        [found?.kind, found?.group, found?.plural],
        ['Rollout', 'argoproj.io', 'rollouts'],
        word,
      );
    }
    assert.equal((await findResource(cluster, 'cj', asking))?.version, 'v1');
    assert.equal(await findResource(cluster, 'rollouts.example.com', asking), undefined);
    const asked = server.requests.map(({ path }) => path);
    assert.equal(asked.length, new Set(asked).size);
    assert.equal(asked.length > 2, !aggregatedDiscovery);
  });
}

test('discover leaves out a group that does not answer', async (t) => {
  const { server, cluster, asking } = await start(t, { aggregatedDiscovery: false });
  server.script(({ path }) => path === '/apis/argoproj.io/v1alpha1', { status: 503 });
  const kinds = (await discover(cluster, asking)).map(({ kind }) => kind);
  assert.ok(kinds.includes('Deployment'));
  assert.ok(!kinds.includes('Rollout'));
});

test('discover asks again after it has failed', async (t) => {
  const { server, cluster, asking } = await start(t);
  server.script('any', { status: 500 }, 2);
  await assert.rejects(discover(cluster, asking), { code: 'server-error' });
  assert.ok((await discover(cluster, asking)).length > 10);
});
