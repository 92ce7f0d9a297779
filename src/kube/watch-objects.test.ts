import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connectTo } from '../../test/api-server/connect-to.ts';
import { readRecordedObjects, readRecordedStates } from '../../test/api-server/read-recorded-objects.ts';
import type { SeenRequest } from '../../test/api-server/seen-request.ts';
import { type CollectedObject, toStored } from '../../test/api-server/serve-collections.ts';
import { type ApiServerWishes, startApiServer } from '../../test/api-server/start-api-server.ts';
import { createFakeClock } from '../../test/fake-clock.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { at, textAt } from '../objects/raw-object.ts';
import type { ObjectItem } from './object-resource.ts';
import type { WatchItem } from './watch-item.ts';
import { type ObjectGroup, type WatchObjectsOptions, watchObjectGroups } from './watch-objects.ts';
import { resourceName } from './watched-kinds.ts';

const OBJECTS = readRecordedObjects('v1.36/b-bad-image').filter(({ kind }) => kind !== 'Namespace');
const PODS = OBJECTS.filter(({ kind }) => kind === 'Pod');
const [POD] = PODS as [CollectedObject];
const FIRST_WAIT = 0.375 * SECOND;
/** Pods, ReplicaSets… and what they refer to, as many as the double serves. */
const KINDS = 21;

interface Told {
  readonly resource: string;
  readonly item: WatchItem<ObjectItem>;
}

async function startWatched(t: TestContext, wishes: ApiServerWishes = {}) {
  const server = await startApiServer({ collected: OBJECTS, ...wishes });
  const clock = createFakeClock();
  const cluster = await connectTo(server, { clock });
  const stop = new AbortController();
  const bell = new EventTarget();
  const told: Told[] = [];
  const ended: Promise<void>[] = [];
  t.after(async () => {
    stop.abort();
    await Promise.all(ended);
    cluster.close();
    await server.stop();
  });

  async function read(groups: AsyncIterable<ObjectGroup>): Promise<void> {
    for await (const { scope, items } of groups) {
      const resource = scope === undefined ? '' : resourceName(scope.kind);
      told.push(...items.map((item) => ({ resource, item })));
      bell.dispatchEvent(new Event('change'));
    }
  }

  return {
    server,
    clock,
    told,
    watch(options: Partial<WatchObjectsOptions> = {}) {
      const all = { form: 'full', signal: stop.signal, clock, random: () => 0.5, ...options } as const;
      ended.push(read(watchObjectGroups(cluster, all)));
    },
    /** Resolves with the `count`th that matches. */
    async until(matches: (one: Told) => boolean, count = 1): Promise<Told> {
      for (;;) {
        const found = told.filter(matches)[count - 1];
        if (found !== undefined) return found;
        await new Promise((resolve) => bell.addEventListener('change', resolve, { once: true }));
      }
    },
  };
}

function isOf(resource: string, type: string) {
  return (one: Told) => one.resource === resource && one.item.type === type;
}

function namesOf(told: readonly Told[], type: string, resource = 'pods'): string[] {
  return told
    .filter(isOf(resource, type))
    .map(({ item }) => ('object' in item ? textAt(item.object, 'metadata', 'name') : ''))
    .sort();
}

function noticesOf(told: readonly Told[]): string[] {
  return told.flatMap(({ item }) => (item.type === 'notice' ? [item.text] : []));
}

function isWatchOf(plural: string) {
  return ({ path, query }: SeenRequest) => path.endsWith(`/${plural}`) && query.has('watch');
}

for (const watchList of ['served', 'refused'] as const) {
  test(`watchObjectGroups lists every kind, then tells every change, when sendInitialEvents is ${watchList}`, async (t) => {
    const { server, told, watch, until } = await startWatched(t, { watchList });
    watch();
    await until(({ item }) => item.type === 'synced', KINDS);
    assert.deepEqual(namesOf(told, 'listed'), PODS.map(({ metadata }) => metadata.name).sort());
    await server.watchingObjects(KINDS);
    const states = readRecordedStates('v1.36/c-crashloop', 'Pod').slice(0, 20);
    for (const state of states) server.collections.of('pods').write(toStored(state));
    server.collections.of('pods').remove(POD.metadata.namespace ?? '', POD.metadata.name);
    await until(isOf('pods', 'deleted'));
    const changes = told.filter(
      ({ resource, item }) => resource === 'pods' && (item.type === 'added' || item.type === 'modified'),
    );
    assert.equal(changes.length, states.length);
    assert.deepEqual(namesOf(told, 'deleted'), [POD.metadata.name]);
    const deleted = told.find(isOf('pods', 'deleted'))?.item;
    const last = deleted !== undefined && 'object' in deleted ? deleted.last : undefined;
    assert.equal(at(last, 'status', 'podIP'), at(POD, 'status', 'podIP'));
    assert.deepEqual(at(last, 'spec', 'volumes'), at(POD, 'spec', 'volumes'));
    assert.ok(told.every(({ item }) => !('last' in item) || item === deleted));
    assert.deepEqual(noticesOf(told), []);
  });
}

test('watchObjectGroups asks for nothing but metadata of what holds contents, and of all where it is to', async (t) => {
  const { server, watch, until } = await startWatched(t);
  watch();
  await until(({ item }) => item.type === 'synced', KINDS);
  const whole = server.requests.filter(
    ({ verb, headers }) => verb === 'watch' && headers.accept === 'application/json',
  );
  assert.deepEqual(
    new Set(whole.map(({ path }) => path.split('/').at(-1))),
    new Set([
      'pods',
      'replicasets',
      'deployments',
      'statefulsets',
      'daemonsets',
      'controllerrevisions',
      'jobs',
      'cronjobs',
      'horizontalpodautoscalers',
      'persistentvolumeclaims',
      'nodes',
      'services',
      'networkpolicies',
      'rolebindings',
      'clusterrolebindings',
    ]),
  );
  const before = server.requests.length;
  watch({ form: 'metadata' });
  await until(({ item }) => item.type === 'synced', 2 * KINDS);
  const later = server.requests.slice(before).filter(({ verb }) => verb === 'watch');
  assert.ok(
    later.length >= KINDS &&
      later.every(({ headers }) => headers.accept?.includes('as=PartialObjectMetadata;')),
  );
});

test('watchObjectGroups hands on no annotation and no data, whatever a server sends', async (t) => {
  const secret = {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: {
      name: 's',
      namespace: 'default',
      uid: 'u',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' },
    },
    data: { password: 'hunter2' },
  };
  const { server, told, watch, until } = await startWatched(t, { collected: [secret] });
  server.script(isWatchOf('secrets'), {
    pieces: [`${JSON.stringify({ type: 'ADDED', object: secret })}\n`],
    ending: 'hang',
  });
  watch();
  await until(isOf('secrets', 'listed'));
  assert.doesNotMatch(JSON.stringify(told), /hunter2/);
});

test('watchObjectGroups begins a new list when the server has forgotten where it stood, and loses nothing', async (t) => {
  const { server, clock, told, watch, until } = await startWatched(t);
  watch();
  await until(({ item }) => item.type === 'synced', KINDS);
  await server.watchingObjects(KINDS);
  server.collections.of('pods').remove(POD.metadata.namespace ?? '', POD.metadata.name);
  await until(isOf('pods', 'deleted'));
  server.script(isWatchOf('pods'), { status: 410 });
  clock.advance(3 * SECOND);
  server.endObjectWatches('end');
  await until(isOf('pods', 'synced'), 2);
  const again = told.slice(told.findLastIndex(isOf('pods', 'listing')));
  assert.deepEqual(
    namesOf(again, 'listed'),
    PODS.slice(1)
      .map(({ metadata }) => metadata.name)
      .sort(),
  );
  assert.equal(told.filter(isOf('pods', 'gap')).length, 2);
});

test('watchObjectGroups goes on where it stood after a broken connection, and leaves it to the Events to say so', async (t) => {
  const { server, clock, told, watch, until } = await startWatched(t);
  watch();
  await until(({ item }) => item.type === 'synced', KINDS);
  await server.watchingObjects(KINDS);
  server.endObjectWatches('reset');
  await clock.untilSet(FIRST_WAIT, KINDS);
  server.collections.of('pods').remove(POD.metadata.namespace ?? '', POD.metadata.name);
  clock.advance(FIRST_WAIT);
  await until(isOf('pods', 'deleted'));
  assert.equal(told.filter(({ item }) => item.type === 'synced').length, KINDS);
  assert.deepEqual(noticesOf(told), []);
});

test('watchObjectGroups tells that another cluster answers', async (t) => {
  const { server, clock, watch, until } = await startWatched(t, { kubeSystemUid: 'one' });
  watch({ uid: 'one' });
  await until(({ item }) => item.type === 'synced', KINDS);
  await server.watchingObjects(KINDS);
  await server.crash();
  await clock.untilSet(FIRST_WAIT, KINDS);
  server.rebuild({ events: [], revision: 900_000_000, kubeSystemUid: 'two' });
  await server.restart();
  clock.advance(FIRST_WAIT);
  await until(({ item }) => item.type === 'gap' && item.reason === 'rebuilt');
});

test('watchObjectGroups says in one line what may not be watched, tries it again after half an hour, and says when all may be', async (t) => {
  const { server, clock, told, watch, until } = await startWatched(t);
  server.allow(({ path }) => !/secrets|configmaps|nodes/.test(path));
  watch();
  await until(({ item }) => item.type === 'synced', KINDS - 3);
  assert.deepEqual(noticesOf(told), [
    'not allowed to watch nodes, configmaps, secrets of cluster "double": changes of these are not told; deploy/rbac.yaml says how to allow it',
  ]);
  const tries = () => server.requests.filter(({ path }) => path.endsWith('/secrets')).length;
  assert.equal(tries(), 1);
  server.allow(() => true);
  await clock.pass(30 * MINUTE);
  await until(isOf('secrets', 'synced'));
  assert.equal(noticesOf(told).length, 2);
});

test('watchObjectGroups goes on with the others when one kind is no longer allowed, and says so', async (t) => {
  const { server, clock, told, watch, until } = await startWatched(t);
  watch();
  await until(({ item }) => item.type === 'synced', KINDS);
  await server.watchingObjects(KINDS);
  server.allow(({ path }) => !path.endsWith('/secrets'));
  server.endObjectWatches('reset');
  await clock.untilSet(FIRST_WAIT, KINDS);
  clock.advance(FIRST_WAIT);
  await until(({ item }) => item.type === 'notice');
  assert.match(noticesOf(told).join('\n'), /^changes of secrets are no longer told: .*forbidden/);
  await server.watchingObjects(KINDS - 1);
  server.collections.of('pods').remove(POD.metadata.namespace ?? '', POD.metadata.name);
  await until(isOf('pods', 'deleted'));
});

test('watchObjectGroups watches the namespaces in which Pods may be read, where it may not everywhere', async (t) => {
  const namespace = POD.metadata.namespace ?? '';
  const { server, told, watch, until } = await startWatched(t, { namespaces: [namespace, 'other'] });
  server.allow(
    ({ path }) =>
      path.includes(`/namespaces/${namespace}/`) || /^\/(api|apis|api\/v1\/namespaces)$/.test(path),
  );
  watch();
  await until(isOf('pods', 'synced'));
  assert.deepEqual(namesOf(told, 'listed'), PODS.map(({ metadata }) => metadata.name).sort());
  assert.match(
    noticesOf(told).join('\n'),
    /^not allowed to watch nodes, clusterroles\.rbac\.authorization\.k8s\.io, clusterrolebindings/,
  );
});

test('watchObjectGroups watches what applies workloads in the version that is served', async (t) => {
  const kind = {
    kind: 'HelmRelease',
    group: 'helm.toolkit.fluxcd.io',
    version: 'v2',
    plural: 'helmreleases',
    namespaced: true,
    shortNames: ['hr'],
  };
  const release = {
    kind: 'HelmRelease',
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    metadata: { name: 'shop', namespace: 'default', uid: 'release' },
  };
  const { server, told, watch, until } = await startWatched(t, { customKinds: [kind], collected: [release] });
  watch();
  await until(isOf('helmreleases.helm.toolkit.fluxcd.io', 'synced'));
  assert.deepEqual(namesOf(told, 'listed', 'helmreleases.helm.toolkit.fluxcd.io'), ['shop']);
  assert.ok(server.requests.some(({ path }) => path === '/apis/helm.toolkit.fluxcd.io/v2/helmreleases'));
});

test('watchObjectGroups looks up an owner of another kind once for all it owns, and again when minutes have passed', async (t) => {
  const kind = {
    kind: 'Rollout',
    group: 'argoproj.io',
    version: 'v1alpha1',
    plural: 'rollouts',
    namespaced: true,
    shortNames: [],
  };
  const namespace = POD.metadata.namespace ?? '';
  const owner = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    name: 'web',
    uid: 'rollout',
    controller: true,
  };
  const rollout = {
    apiVersion: owner.apiVersion,
    kind: 'Rollout',
    metadata: { name: 'web', namespace, uid: 'rollout' },
  };
  const owned = PODS.map((pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } }));
  const { server, clock, watch, until } = await startWatched(t, {
    customKinds: [kind],
    collected: owned,
    objects: [rollout],
  });
  watch();
  await until(isOf('', 'added'));
  await server.watchingObjects(KINDS);
  const asked = () => server.requests.filter(({ path }) => path.endsWith('/rollouts/web')).length;
  const [pod = POD] = owned;
  const write = (restartCount: number) =>
    server.collections
      .of('pods')
      .write(toStored({ ...pod, status: { containerStatuses: [{ name: 'a', restartCount }] } }));
  write(1);
  await until(isOf('pods', 'modified'));
  assert.equal(asked(), 1);
  clock.advance(5 * MINUTE);
  write(2);
  await until(isOf('', 'added'), 2);
  assert.equal(asked(), 2);
});
