import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { readRecordedObjects } from '../../test/api-server/read-recorded-objects.ts';
import {
  type ApiServer,
  type ApiServerWishes,
  startApiServer,
} from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { type ReadObjectsOptions, readClusterObjects, type SeenObject } from './read-cluster-objects.ts';

/** Namespaces are none of the kinds that are read. */
const OBJECTS = readRecordedObjects('v1.36/b-bad-image').filter(({ kind }) => kind !== 'Namespace');

const ROLLOUT_KIND = {
  kind: 'Rollout',
  group: 'argoproj.io',
  version: 'v1alpha1',
  plural: 'rollouts',
  namespaced: true,
  shortNames: ['ro'],
};
const TEAM_KIND = {
  kind: 'Team',
  group: 'example.com',
  version: 'v1',
  plural: 'teams',
  namespaced: false,
  shortNames: [],
};

async function startDouble(t: TestContext, wishes: ApiServerWishes = {}) {
  const server = await startApiServer({ collected: OBJECTS, ...wishes });
  const clock = createFakeClock(Date.UTC(2026, 10, 23, 18) * 1000);
  const cluster = await connectTo(server, { clock });
  t.after(async () => {
    cluster.close();
    await server.stop();
  });
  async function read(
    options: Partial<ReadObjectsOptions> = {},
  ): Promise<{ seen: SeenObject[]; notes: string[] }> {
    const notes: string[] = [];
    const seen: SeenObject[] = [];
    const signal = new AbortController().signal;
    const onNote = (text: string) => notes.push(text);
    for await (const page of readClusterObjects(cluster, {
      cluster: 'c',
      changes: 'full',
      signal,
      clock,
      onNote,
      ...options,
    }))
      seen.push(...page);
    return { seen, notes };
  }
  return { server, read };
}

function namesOf(seen: readonly SeenObject[]): string[] {
  return [...new Set(seen.map(({ object }) => `${object.kind}/${object.name}`))].sort();
}

function listsOf(server: ApiServer): string[] {
  return server.requests.filter(({ verb }) => verb === 'list').map(({ path }) => path);
}

for (const watchList of ['served', 'refused'] as const) {
  test(`readClusterObjects reads every object and who changed the image, when sendInitialEvents is ${watchList}`, async (t) => {
    const { read } = await startDouble(t, { watchList });
    const { seen, notes } = await read();
    assert.deepEqual(namesOf(seen), OBJECTS.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort());
    const told = seen
      .flatMap(({ changes }) => changes)
      .filter((change) => change.type === 'spec-changed')
      .flatMap(({ manager, fields }) =>
        fields.map(({ field, from, to }) => `${manager}: ${field} ${from} → ${to}`),
      );
    assert.ok(told.includes(': image ghcr.io/stefanprodan/podinfo:6.0.0 → example'), told.join('\n'));
    assert.ok(
      told.includes('kubectl-set: image example → ghcr.io/stefanprodan/podinfo:6.0.1'),
      told.join('\n'),
    );
    assert.deepEqual(notes, []);
  });
}

test('readClusterObjects asks for whole objects only where it is to', async (t) => {
  const { server, read } = await startDouble(t);
  const { seen } = await read({ changes: 'metadata' });
  assert.ok(seen.length > 0);
  assert.ok(
    server.requests
      .filter(({ verb }) => verb === 'list')
      .every(({ headers }) => headers.accept?.includes('as=PartialObjectMetadataList')),
  );
  assert.ok(!seen.some(({ changes }) => changes.some(({ type }) => type.startsWith('container'))));
  assert.deepEqual(await read({ changes: 'none' }), { seen: [], notes: [] });
});

test('readClusterObjects reads the namespaces asked for, and Nodes', async (t) => {
  const { server, read } = await startDouble(t);
  const [first] = OBJECTS;
  const { seen } = await read({ namespaces: [first?.metadata.namespace ?? '', 'elsewhere'] });
  assert.ok(seen.length > 0);
  const paths = listsOf(server);
  assert.ok(paths.includes('/api/v1/nodes'));
  assert.ok(paths.includes('/api/v1/namespaces/elsewhere/pods'));
  assert.ok(!paths.includes('/api/v1/pods'));
});

test('readClusterObjects says in one line what may not be read, and reads the rest', async (t) => {
  const { server, read } = await startDouble(t);
  server.allow(({ path }) => !/replicasets|nodes/.test(path));
  const { seen, notes } = await read();
  assert.ok(namesOf(seen).some((name) => name.startsWith('Pod/')));
  assert.ok(!namesOf(seen).some((name) => name.startsWith('ReplicaSet/')));
  assert.deepEqual(notes, [
    'not allowed to watch replicasets.apps, nodes of cluster "double": changes of these are not told; deploy/rbac.yaml says how to allow it',
  ]);
});

test('readClusterObjects says one line when nothing may be read but Events', async (t) => {
  const { server, read } = await startDouble(t);
  server.allow(({ events }) => events !== undefined);
  const { seen, notes } = await read();
  assert.deepEqual(seen, []);
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /Pods, Deployments and the like/);
});

test('readClusterObjects fails when the cluster does not accept the credentials', async (t) => {
  const { server, read } = await startDouble(t);
  server.acceptTokens(['another']);
  await assert.rejects(read(), (error) => error instanceof HarkError && error.exitCode === EXIT.forbidden);
});

test('readClusterObjects follows owners of any kind to the top, each fetched once, as metadata', async (t) => {
  const pods = OBJECTS.filter(({ kind }) => kind === 'Pod');
  const [pod] = pods;
  const namespace = pod?.metadata.namespace ?? '';
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    name: 'web',
    uid: 'rollout-uid',
    controller: true,
  };
  const team = { apiVersion: 'example.com/v1', kind: 'Team', name: 'shop', uid: 'team-uid' };
  const owned = pods.map((each) => ({ ...each, metadata: { ...each.metadata, ownerReferences: [rollout] } }));
  const objects = [
    {
      apiVersion: rollout.apiVersion,
      kind: 'Rollout',
      metadata: { name: 'web', namespace, uid: rollout.uid, ownerReferences: [team] },
    },
    { apiVersion: team.apiVersion, kind: 'Team', metadata: { name: 'shop', uid: team.uid } },
  ];
  const { server, read } = await startDouble(t, {
    collected: owned,
    customKinds: [ROLLOUT_KIND, TEAM_KIND],
    objects,
  });
  const { seen, notes } = await read();
  const found = seen.map(({ object }) => object).filter(({ kind }) => kind === 'Rollout' || kind === 'Team');
  assert.deepEqual(
    found.map(({ kind, namespace: own, uid, owners }) => [kind, own, uid, owners[0]?.uid]),
    [
      ['Rollout', namespace, 'rollout-uid', 'team-uid'],
      ['Team', '', 'team-uid', undefined],
    ],
  );
  const gets = server.requests.filter(({ path }) => /rollouts|teams/.test(path));
  assert.deepEqual(gets.map(({ path }) => path).sort(), [
    `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/web`,
    '/apis/example.com/v1/teams/shop',
  ]);
  assert.ok(
    gets.every(
      ({ headers }) => headers.accept === 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    ),
  );
  assert.deepEqual(notes, []);

  server.allow(({ path }) => !path.includes('/rollouts/'));
  const again = await read();
  assert.match(again.notes.join(), /not allowed to read rollouts.argoproj.io/);
});
