import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Cluster } from '../../src/kube/cluster.ts';
import { readClusterIdentity } from '../../src/kube/cluster-identity.ts';
import { connect } from '../../src/kube/connect.ts';
import { discover } from '../../src/kube/discovery.ts';
import { getObjectMetadata } from '../../src/kube/get-object.ts';
import { listEvents } from '../../src/kube/list-events.ts';
import { watchEvents } from '../../src/kube/watch-events.ts';
import { createClock } from '../../src/lib/clock.ts';
import { SECOND, wallClock } from '../../src/lib/time.ts';
import type { WireEvent } from '../api-server/event-storage.ts';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import { type Heard, hear } from '../api-server/watch-double.ts';
import { type ControlPlane, findControlPlane, NO_CONTROL_PLANE, startControlPlane } from './start.ts';

const assets = findControlPlane();

/** The real clock, sixty times as fast: what takes a minute of silence takes a second. */
const hasty = (() => {
  const clock = createClock(wallClock);
  return {
    now: clock.now,
    after: (length: number, callback: () => void) => clock.after(length / 60, callback),
  };
})();

const EVENTS = readRecordedEvents('v1.20/g-jobs').map(fresh);

/** An Event as its emitter would write it. */
function fresh({ metadata, ...event }: WireEvent): WireEvent {
  const object = event.involvedObject as object;
  return {
    ...event,
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: metadata.name, namespace: 'default' },
    involvedObject: { ...object, namespace: 'default' },
  };
}

async function post(cluster: Cluster, path: string, body: object): Promise<void> {
  const response = await cluster.request({ path, body });
  let text = '';
  for await (const chunk of response.body) text += Buffer.from(chunk).toString();
  assert.ok(response.status === 201 || response.status === 409, `${path}: ${response.status} ${text}`);
}

async function createEvent(cluster: Cluster, event: WireEvent, namespace = 'default'): Promise<void> {
  const involvedObject = { ...(event.involvedObject as object), namespace };
  const metadata = { ...event.metadata, namespace };
  await post(cluster, `/api/v1/namespaces/${namespace}/events`, { ...event, metadata, involvedObject });
}

async function createNamespace(cluster: Cluster, name: string): Promise<void> {
  await post(cluster, '/api/v1/namespaces', { kind: 'Namespace', apiVersion: 'v1', metadata: { name } });
}

suite('kube on a real control plane', { skip: assets === undefined && NO_CONTROL_PLANE }, () => {
  let plane: ControlPlane;
  let admin: Cluster;
  const stop = new AbortController();
  const watches: Heard[] = [];

  before(async () => {
    plane = await startControlPlane(assets ?? '', {
      compaction: '5s',
      eventTtl: '20s',
      tokens: { teller: 'a-token' },
    });
    admin = await connect({ kubeconfig: plane.kubeconfig, env: {}, cwd: '/', clock: hasty });
  });

  after(async () => {
    stop.abort();
    await Promise.allSettled(watches.map(({ ended }) => ended));
    admin.close();
    await plane.stop();
  });

  function watch(cluster: Cluster, options: object = {}): Heard {
    const heard = hear(watchEvents(cluster, { signal: stop.signal, clock: hasty, ...options }));
    watches.push(heard);
    return heard;
  }

  async function open(kubeconfig: string): Promise<Cluster> {
    return await connect({ kubeconfig, env: {}, cwd: '/', clock: hasty });
  }

  test('readClusterIdentity tells who the cluster is', async () => {
    const identity = await readClusterIdentity(admin, hasty, stop.signal);
    assert.match(identity.uid, /^[0-9a-f-]{36}$/);
    assert.equal(identity.uidIsGuessed, false);
    assert.match(identity.version, /^v1\.\d+/);
  });

  test('discover and getObjectMetadata find the kinds and objects there are', async () => {
    const kinds = new Set(
      (await discover(admin, { clock: hasty, signal: stop.signal })).map(({ kind }) => kind),
    );
    for (const kind of ['Pod', 'Deployment', 'CronJob', 'Event']) assert.ok(kinds.has(kind), kind);
    const wish = { kind: 'ns', name: 'kube-system', namespace: '' };
    const found = await getObjectMetadata(admin, wish, { clock: hasty, signal: stop.signal });
    assert.equal(found?.uid, (await readClusterIdentity(admin, hasty, stop.signal)).uid);
  });

  test('watchEvents lists, tells what is new, and what expires', async () => {
    await createNamespace(admin, 'lives');
    const heard = watch(admin, { namespaces: ['lives'] });
    await heard.until('synced');
    for (const event of EVENTS.slice(0, 20)) await createEvent(admin, event, 'lives');
    await heard.until('added', 20);
    await heard.until('deleted', 20);
    const names = heard.items.flatMap((item) => (item.type === 'deleted' ? [item.event.name] : []));
    assert.deepEqual(
      names.sort(),
      EVENTS.slice(0, 20)
        .map(({ metadata }) => metadata.name)
        .sort(),
    );
    assert.ok(heard.items.every((item) => item.type !== 'notice'));
  });

  test('watchEvents is streamed what there is by the servers that do so, and lists it from the others', async () => {
    await createNamespace(admin, 'streamed');
    for (const event of EVENTS.slice(0, 20)) await createEvent(admin, event, 'streamed');
    const asked: Readonly<Record<string, string | undefined>>[] = [];
    const noted: Cluster = {
      ...admin,
      request(request) {
        if (request.path.endsWith('/events')) asked.push({ ...request.query });
        return admin.request(request);
      },
    };
    const heard = watch(noted, { namespaces: ['streamed'] });
    await heard.until('synced');
    const listed = heard.items.flatMap((item) => (item.type === 'listed' ? [item.event.name] : []));
    assert.deepEqual(
      listed.sort(),
      EVENTS.slice(0, 20)
        .map(({ metadata }) => metadata.name)
        .sort(),
    );
    assert.ok(
      asked.some(({ sendInitialEvents }) => sendInitialEvents === 'true'),
      JSON.stringify(asked),
    );
    const { version } = await readClusterIdentity(admin, hasty, stop.signal);
    const lists = asked.filter(({ watch, limit }) => watch === undefined && limit !== '1').length;
    // On by default since Kubernetes 1.34, and in 1.32.
    const minor = Number(/^v1\.(\d+)/.exec(version)?.[1]);
    if (minor >= 34) assert.equal(lists, 0, JSON.stringify(asked));
    if (minor < 27) assert.ok(lists > 0);
  });

  test('listEvents gives each Event once, by pages and by selectors', async () => {
    await createNamespace(admin, 'listed');
    for (const event of EVENTS) await createEvent(admin, event, 'listed');
    const list = async (query: object) => {
      const names: string[] = [];
      const options = { namespaces: ['listed'], query, signal: stop.signal, clock: hasty };
      for await (const batch of listEvents(admin, options)) names.push(...batch.map(({ name }) => name));
      return names.sort();
    };
    assert.deepEqual(await list({}), EVENTS.map(({ metadata }) => metadata.name).sort());
    const [{ reason }] = EVENTS as [WireEvent];
    const same = EVENTS.filter((event) => event.reason === reason).map(({ metadata }) => metadata.name);
    assert.deepEqual(await list({ reasons: [reason] }), same.sort());
    const { kind } = (EVENTS[0] as WireEvent).involvedObject as { kind: string };
    assert.ok((await list({ kinds: [kind], types: ['normal'] })).length > 0);
  });

  test('watchEvents lists anew when etcd has forgotten where it stood', async () => {
    await createNamespace(admin, 'stale');
    const resume = new Map([['stale', { resourceVersion: '1', at: hasty.now() - 60 * SECOND }]]);
    const heard = watch(admin, { namespaces: ['stale'], resume });
    await heard.until('synced');
    assert.match(heard.story().join(), /^gap expired in stale,synced \d+ in stale$/);
  });

  test('watchEvents resumes from where an earlier watch stood', async () => {
    await createNamespace(admin, 'resumed');
    const first = watch(admin, { namespaces: ['resumed'] });
    const synced = await first.until('synced');
    assert.ok(synced.type === 'synced');
    for (const event of EVENTS.slice(0, 5)) await createEvent(admin, event, 'resumed');
    const second = watch(admin, { namespaces: ['resumed'], resume: new Map([['resumed', synced]]) });
    await second.until('resumed');
    await second.until('added', 5);
    assert.ok(second.items.every(({ type }) => type !== 'listed' && type !== 'gap'));
  });

  test('watchEvents takes the namespaces that a restricted user may read, and lets in tokens', async () => {
    await createNamespace(admin, 'mine');
    await createNamespace(admin, 'yours');
    const rules = [{ apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] }];
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'hear' },
      rules,
    };
    await post(admin, '/apis/rbac.authorization.k8s.io/v1/namespaces/mine/roles', role);
    const cluster = await open(plane.writeKubeconfig({ name: 'teller', token: 'a-token' }));
    await assert.rejects(watch(cluster).ended, { code: 'forbidden', exitCode: 4 });

    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'teller' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'hear' };
    const binding = { ...role, kind: 'RoleBinding', rules: undefined, subjects, roleRef };
    await post(admin, '/apis/rbac.authorization.k8s.io/v1/namespaces/mine/rolebindings', binding);
    const heard = watch(cluster, { namespaces: ['mine', 'yours'] });
    await heard.until('synced');
    for (const event of EVENTS.slice(0, 3)) await createEvent(admin, event, 'mine');
    await heard.until('added', 3);
    assert.match(heard.story().join(), /^notice warn forbidden,gap started in mine,synced \d+ in mine$/);
    cluster.close();
  });

  test('connect is told what is wrong when the token is', async () => {
    const cluster = await open(plane.writeKubeconfig({ name: 'nobody', token: 'no-such-token' }));
    await assert.rejects(watch(cluster).ended, { code: 'unauthorized', exitCode: 4 });
    cluster.close();
  });

  test('watchEvents misses nothing when the API server restarts, or tells the gap', async () => {
    const heard = watch(admin);
    await heard.until('synced');
    await plane.stopApiServer();
    await heard.until((item) => item.type === 'notice' && item.level === 'warn');
    await plane.startApiServer();
    await createNamespace(admin, 'restarted');
    for (const event of EVENTS.slice(0, 3)) await createEvent(admin, event, 'restarted');
    await heard.until((item) => 'event' in item && item.event.namespace === 'restarted', 3);
    await heard.until((item) => item.type === 'notice' && item.code === 'connected-again');
    const story = heard.story().map((line) => line.replace(/ \d+$/, ''));
    // A server that is only just coming up may end the first watches unheard, as one does that forgot: then Hark lists anew.
    const gap = story.indexOf('gap unreachable');
    assert.deepEqual(
      story.filter(
        (line, index) => gap < 0 || (line !== 'gap unreachable' && !(index > gap && line === 'synced')),
      ),
      ['gap started', 'synced', 'notice warn cluster-unreachable', 'notice info connected-again'],
    );
  });

  test('watchEvents listens anew when another cluster takes the place of the one it knew', async () => {
    const { uid } = await readClusterIdentity(admin, hasty, stop.signal);
    const heard = watch(admin, { uid });
    await heard.until('synced');
    await plane.rebuild();
    await heard.until('synced', 2);
    await createNamespace(admin, 'rebuilt');
    await createEvent(admin, EVENTS[0] as WireEvent, 'rebuilt');
    await heard.until((item) => item.type === 'added' && item.event.namespace === 'rebuilt');
    const gaps = heard.items.flatMap((item) => (item.type === 'gap' ? [item.reason] : []));
    assert.deepEqual(gaps, ['started', 'rebuilt']);
    assert.notEqual((await readClusterIdentity(admin, hasty, stop.signal)).uid, uid);
  });
});
