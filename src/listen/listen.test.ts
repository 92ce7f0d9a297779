import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFakeClock, type FakeClock } from '../../test/fake-clock.ts';
import { passTime } from '../../test/pass-time.ts';
import { readRecordedWatch } from '../../test/read-recording.ts';
import { createScriptedFeed, type ScriptedFeed } from '../../test/scripted-feed.ts';
import { parseEvent } from '../events/parse-event.ts';
import { ApiFailure } from '../kube/api-failure.ts';
import type { WatchItem } from '../kube/watch-item.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { DAY, MINUTE, SECOND } from '../lib/time.ts';
import { openSqliteStore, type SqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { ListenReport } from './feed.ts';
import { listen } from './listen.ts';

const SCENARIO = 'v1.36/a-healthy-rollout/events-core-v1.jsonl';
const PROD = { uid: 'prod-uid', name: 'prod', version: 'v1.36.2' };
const TEST = { uid: 'test-uid', name: 'test', version: 'v1.20.2' };

/** What a watch yields of a recorded scenario. */
function readItems(): WatchItem[] {
  return readRecordedWatch(SCENARIO).map(({ at, type, object }) => ({
    type: type.toLowerCase() as 'added' | 'modified' | 'deleted',
    event: parseEvent(object),
    at: parseTime(at) ?? 0,
  }));
}

function synced(at: number): WatchItem {
  return { type: 'synced', at, namespace: '', resourceVersion: `rv-${at}` };
}

interface Listening {
  readonly clock: FakeClock;
  readonly reports: ListenReport[];
  /** Of one type, in short. */
  told(type: ListenReport['type']): ListenReport[];
  /** Stops and waits until all is stored; rejects as `listen` does. */
  stop(): Promise<void>;
  readonly done: Promise<void>;
}

function start(
  store: Store,
  feeds: readonly ScriptedFeed[],
  retention: Parameters<typeof listen>[0]['retention'] = {},
): Listening {
  const clock = createFakeClock();
  const reports: ListenReport[] = [];
  const stopping = new AbortController();
  const done = listen({
    feeds,
    store,
    retention,
    clock,
    random: () => 1,
    signal: stopping.signal,
    report: (report) => reports.push(report),
  });
  done.catch(() => {}); // Looked at by each test, by `done` or `stop`.
  return {
    clock,
    reports,
    told: (type) => reports.filter((report) => report.type === type),
    async stop() {
      stopping.abort();
      await done;
    },
    done,
  };
}

function openStore(t: TestContext): SqliteStore {
  const folder = mkdtempSync(join(tmpdir(), 'hark-listen-'));
  const store = openSqliteStore({ file: join(folder, 'events.db'), mode: 'write' });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

async function readNames(store: Store, cluster: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of store.readEvents({ clusters: [cluster] }))
    names.push(...page.map(({ event }) => event.name));
  return names.sort();
}

/** The distinct Events of the scenario. */
function expectedNames(): string[] {
  return [...new Set(readItems().flatMap((item) => ('event' in item ? [item.event.name] : [])))].sort();
}

test('listen stores every Event of its feeds, each with its own coverage', async (t) => {
  const store = openStore(t);
  const feeds = [createScriptedFeed(PROD), createScriptedFeed(TEST)];
  const listening = start(store, feeds);
  feeds[0]?.give(synced(10), ...readItems());
  feeds[1]?.give(synced(20));
  await passTime(listening.clock, SECOND);
  assert.deepEqual(await readNames(store, PROD.uid), expectedNames());
  assert.deepEqual(await readNames(store, TEST.uid), []);
  const [coverage] = await store.readCoverage(TEST.uid);
  assert.deepEqual(coverage, {
    cluster: TEST.uid,
    namespace: '',
    from: 20,
    to: 20,
    open: true,
    resourceVersion: 'rv-20',
  });
  await listening.stop();
  assert.deepEqual((await store.readClusters()).map(({ name }) => name).sort(), ['prod', 'test']);
});

test('listen stores what it has heard, and closes the coverage, when it is stopped', async (t) => {
  const store = openStore(t);
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  feed.give(synced(10), ...readItems());
  await passTime(listening.clock, 0);
  assert.equal(feed.waiting(), 0);
  assert.deepEqual(await readNames(store, PROD.uid), [], 'the batch is not due yet');
  await listening.stop();
  assert.deepEqual(await readNames(store, PROD.uid), expectedNames());
  assert.deepEqual(
    (await store.readCoverage(PROD.uid)).map(({ to, open }) => [to, open]),
    [[10, false]],
  );
  assert.equal(listening.clock.timers().length, 0);
});

test('listen hands the watch the cursor at which the last run stopped', async (t) => {
  const store = openStore(t);
  const first = createScriptedFeed(PROD);
  const listening = start(store, [first]);
  first.give(synced(10), { type: 'alive', at: 30 + 5 * SECOND, namespace: '', resourceVersion: '77' });
  await passTime(listening.clock, SECOND);
  await listening.stop();
  const second = createScriptedFeed(PROD);
  const again = start(store, [second]);
  second.give({ type: 'resumed', from: 30, at: 90 + 5 * SECOND, namespace: '', resourceVersion: '99' });
  await passTime(again.clock, SECOND);
  await again.stop();
  assert.deepEqual(first.starts, [new Map()]);
  assert.deepEqual(second.starts, [new Map([['', { resourceVersion: '77', at: 30 }]])]);
  assert.deepEqual(await store.readGaps({ clusters: [PROD.uid], since: 10, until: 90 }), []);
});

test('listen asks who the cluster is again, and starts anew, when it was rebuilt', async (t) => {
  const store = openStore(t);
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  feed.give(synced(10), {
    type: 'gap',
    reason: 'rebuilt',
    from: 15 + 5 * SECOND,
    at: 20 + 5 * SECOND,
    namespace: '',
  });
  await passTime(listening.clock, SECOND);
  feed.give(synced(30));
  await passTime(listening.clock, SECOND);
  assert.equal(listening.told('connected').length, 2);
  assert.deepEqual(feed.starts, [new Map(), new Map()]);
  const stretches = (await store.readCoverage(PROD.uid)).map(({ from, to }) => [from, to]);
  assert.deepEqual(stretches, [
    [10, 15],
    [30, 30],
  ]);
  await listening.stop();
});

test('listen goes on with the other clusters when one fails for good, and tells it once', async (t) => {
  const store = openStore(t);
  const feeds = [createScriptedFeed(PROD), createScriptedFeed(TEST)] as const;
  const listening = start(store, feeds);
  feeds[0].fail(new HarkError('credentials', 'no token', { exitCode: EXIT.forbidden }));
  feeds[1].give(synced(10), ...readItems());
  await passTime(listening.clock, MINUTE);
  assert.deepEqual(
    listening.told('failed').map((report) => 'feed' in report && report.feed),
    ['prod'],
  );
  assert.deepEqual(await readNames(store, TEST.uid), expectedNames());
  await listening.stop();
});

test('listen throws what the first cluster failed with when none is left', async (t) => {
  const feeds = [createScriptedFeed(PROD), createScriptedFeed(TEST)] as const;
  const listening = start(openStore(t), feeds);
  feeds[0].fail(new HarkError('credentials', 'no token', { exitCode: EXIT.forbidden }));
  await passTime(listening.clock, SECOND);
  feeds[1].fail(new HarkError('kubeconfig', 'no server'));
  await assert.rejects(listening.done, { code: 'credentials' });
});

test('listen refuses a second context of the same cluster', async (t) => {
  const feeds = [createScriptedFeed(PROD), createScriptedFeed({ ...PROD, name: 'alias' })] as const;
  const listening = start(openStore(t), feeds);
  await passTime(listening.clock, SECOND);
  const [failed] = listening.told('failed');
  assert.ok(failed?.type === 'failed' && failed.feed === 'alias');
  assert.match(failed.error.message, /same cluster/);
  await listening.stop();
});

test('listen waits for a cluster that does not answer, and tells it once, from the start', async (t) => {
  const store = openStore(t);
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  for (let i = 0; i < 5; i += 1) feed.fail(unreachable());
  feed.give(synced(10), ...readItems());
  await passTime(listening.clock, 5 * MINUTE);
  assert.equal(listening.told('waiting').length, 1);
  assert.deepEqual(await readNames(store, PROD.uid), expectedNames());
  await listening.stop();
});

test('listen throws at once when waiting would not mend the first failure', async (t) => {
  const feed = createScriptedFeed(PROD);
  const listening = start(openStore(t), [feed]);
  feed.fail(
    new ApiFailure('untrusted', 'self-signed', { exitCode: EXIT.unreachable, hint: '', permanent: true }),
  );
  await assert.rejects(listening.done, { code: 'untrusted', exitCode: EXIT.unreachable });
});

test('listen waits out every failure of a cluster that it has once heard', async (t) => {
  const store = openStore(t);
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  feed.give(synced(10));
  await passTime(listening.clock, SECOND);
  feed.fail(new HarkError('credentials', 'the token expired', { exitCode: EXIT.forbidden }));
  feed.give(synced(20), ...readItems());
  await passTime(listening.clock, MINUTE);
  assert.deepEqual(await readNames(store, PROD.uid), expectedNames());
  await listening.stop();
});

/** The store, failing as its disk does when it is full, for as long as told. */
function makeFillable(store: Store): Store & { full: boolean; tries: number } {
  const fillable = {
    ...store,
    full: false,
    tries: 0,
    async write(batch: Parameters<Store['write']>[0]) {
      fillable.tries += 1;
      if (fillable.full) throw new HarkError('store-full', 'No room to write to the store.');
      return await store.write(batch);
    },
  };
  return fillable;
}

test('listen loses nothing while the store is full: it holds back, tells it once, and goes on', async (t) => {
  const store = makeFillable(openStore(t));
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  store.full = true;
  const items = readItems();
  assert.ok(400 * items.length > 20_000);
  feed.give(synced(10));
  for (let i = 0; i < 400; i += 1) feed.give(...items);
  await passTime(listening.clock, 10 * MINUTE);
  assert.ok(store.tries > 10, `it was tried ${store.tries} times`);
  assert.equal(listening.told('store-failing').length, 1);
  assert.ok(feed.waiting() > 400 * items.length - 17_000, 'the feed is not read on');
  assert.deepEqual(await store.readCoverage(PROD.uid), []);
  store.full = false;
  await passTime(listening.clock, MINUTE);
  assert.equal(listening.told('store-mended').length, 1);
  assert.equal(feed.waiting(), 0);
  assert.deepEqual(await readNames(store, PROD.uid), expectedNames());
  await listening.stop();
});

test('listen fails, and the next run resumes before what was not stored, when it is stopped while the store is full', async (t) => {
  const store = makeFillable(openStore(t));
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  feed.give(synced(10));
  await passTime(listening.clock, SECOND);
  store.full = true;
  feed.give(...readItems(), { type: 'alive', at: 30, namespace: '', resourceVersion: '77' });
  await passTime(listening.clock, MINUTE);
  await assert.rejects(listening.stop(), { code: 'store-full' });
  const [first] = readItems();
  assert.deepEqual(listening.told('unstored'), [
    { type: 'unstored', feed: PROD.name, heard: readItems().length, since: first?.at },
  ]);
  assert.deepEqual(listening.told('failed'), []);
  assert.deepEqual(
    (await store.readCoverage(PROD.uid)).map(({ to, resourceVersion }) => [to, resourceVersion]),
    [[10, 'rv-10']],
  );
});

test('listen tells from when on there is a gap when it is stopped with nothing to store but the end of its coverage, and that fails', async (t) => {
  const store = makeFillable(openStore(t));
  const feed = createScriptedFeed(PROD);
  const listening = start(store, [feed]);
  feed.give(synced(10));
  await passTime(listening.clock, SECOND);
  store.full = true;
  await assert.rejects(listening.stop(), { code: 'store-full' });
  assert.deepEqual(listening.told('unstored'), [{ type: 'unstored', feed: PROD.name, heard: 0, since: 10 }]);
});

test('listen gives up at once when the store is damaged', async (t) => {
  const store = openStore(t);
  const damaged = {
    ...store,
    write: () => Promise.reject(new HarkError('store-corrupt', 'The store is damaged.')),
  };
  const feeds = [createScriptedFeed(PROD), createScriptedFeed(TEST)];
  const listening = start(damaged, feeds);
  feeds[0]?.give(synced(10));
  await passTime(listening.clock, SECOND);
  await assert.rejects(listening.done, { code: 'store-corrupt' });
});

test('listen applies the retention at the start and goes on doing so', async (t) => {
  const store = openStore(t);
  const feed = createScriptedFeed(PROD);
  const clock = createFakeClock();
  const [old] = readItems();
  assert.ok(old !== undefined && 'event' in old);
  const aged = (age: number, name: string): WatchItem => {
    const time = clock.now() - age;
    return {
      ...old,
      event: { ...old.event, name, firstTimestamp: time, lastTimestamp: time, creationTimestamp: time },
    };
  };
  await store.write({
    cluster: PROD,
    sightings: [{ event: (aged(31 * DAY, 'old') as typeof old).event, deleted: false, at: 0 }],
  });
  const listening = start(store, [feed], { age: 30 * DAY });
  feed.give(aged(DAY, 'new'), aged(30 * DAY - 5 * MINUTE, 'due'));
  await passTime(listening.clock, SECOND);
  assert.deepEqual(await readNames(store, PROD.uid), ['due', 'new']);
  await passTime(listening.clock, 10 * MINUTE);
  assert.deepEqual(await readNames(store, PROD.uid), ['new']);
  await listening.stop();
  assert.equal(listening.told('retained').length, 2);
});

function unreachable(): ApiFailure {
  return new ApiFailure('cluster-unreachable', 'connection refused', {
    exitCode: EXIT.unreachable,
    hint: '',
    permanent: false,
  });
}
