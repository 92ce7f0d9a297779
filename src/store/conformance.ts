import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { compareRecordedEvents } from '../events/compare-events.ts';
import type { Event, RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import { identify } from '../events/identity.ts';
import { matchQuery } from '../events/matches-query.ts';
import { makeRecord, mergeRecords } from '../events/merge-records.ts';
import { mergePoints, pointOf } from '../events/occurrences.ts';
import type { ClusterInfo, EventQuery, EventReader } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { HOUR, MINUTE, SECOND } from '../lib/time.ts';
import { anyEvent } from './any-event.ts';
import type { CoverageStep, Store } from './store.ts';

/** An empty store to be tried, and what is around it. */
export interface StoreUnderTest {
  /** Opens the record to write; after it was closed, the same record again. */
  open(): Promise<Store>;
  /** Opens the same record to read, beside the writer, as another process would. */
  openReader(): Promise<Store>;
  /** Does at once what the store does in the background when it has time. */
  settle(store: Store): Promise<void>;
  /** Removes all of it. */
  remove(): Promise<void>;
}

const CLUSTER: ClusterInfo = { uid: 'c-1', name: 'conformance', version: 'v1.36.2' };
const OTHER: ClusterInfo = { uid: 'c-2', name: 'other', version: 'v1.20.2' };

/**
 * Declares the tests that every implementation of `Store` passes.
 *
 * @param create makes an empty store
 * @param recorded what was heard of a real cluster: some hundred sightings, with repeats, deletions, several namespaces
 */
export function storeConformance(
  name: string,
  create: () => Promise<StoreUnderTest>,
  recorded: readonly Sighting[],
): void {
  describe(`${name} as a Store`, () => {
    testRecord(create, recorded);
    testQueries(create, recorded);
    testCoverage(create, recorded);
    testFollow(create, recorded);
    testRetention(create, recorded);
  });
}

type Create = () => Promise<StoreUnderTest>;

/** Runs `work` on a fresh store. */
async function withStore(
  create: Create,
  work: (store: Store, under: StoreUnderTest) => Promise<void>,
): Promise<void> {
  const under = await create();
  const store = await under.open();
  try {
    await work(store, under);
  } finally {
    await store.close();
    await under.remove();
  }
}

/** What a store must give for these sightings of one cluster, in order. */
export function expectRecords(
  sightings: readonly Sighting[],
  cluster: ClusterInfo = CLUSTER,
): RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  for (const { event, deleted, at, points = [] } of sightings) {
    const key = identify(event);
    const seen = makeRecord(
      cluster.uid,
      event,
      deleted ? at : undefined,
      mergePoints([pointOf(event)], points),
    );
    const known = records.get(key);
    records.set(key, known === undefined ? seen : mergeRecords(known, seen));
  }
  return [...records.values()].sort(compareRecordedEvents);
}

async function readAll(reader: EventReader, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of reader.readEvents(query)) records.push(...page);
  return records;
}

async function writeAll(store: Store, sightings: readonly Sighting[], size = 64): Promise<void> {
  for (let at = 0; at < sightings.length; at += size)
    await store.write({ cluster: CLUSTER, sightings: sightings.slice(at, at + size) });
}

function testRecord(create: Create, recorded: readonly Sighting[]): void {
  test('readEvents gives every Event with all its repeats, in time order, when all was heard', () =>
    withStore(create, async (store) => {
      await writeAll(store, recorded);
      assert.deepEqual(await readAll(store), expectRecords(recorded));
    }));

  test('the record stays when the store is closed and opened again', () =>
    withStore(create, async (store, under) => {
      await writeAll(store, recorded);
      await store.close();
      const again = await under.open();
      assert.deepEqual(await readAll(again), expectRecords(recorded));
      await again.close();
    }));

  test('write makes the same record when sightings come in any order, any of them twice, in any batches', () =>
    fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...recorded, ...recorded.slice(0, 40)], { minLength: recorded.length }),
        fc.integer({ min: 1, max: 200 }),
        (sightings, size) =>
          withStore(create, async (store) => {
            await writeAll(store, sightings, size);
            assert.deepEqual(await readAll(store), expectRecords(sightings));
          }),
      ),
      { numRuns: 8 },
    ));

  test('write keeps any Event to the letter, whatever its fields hold', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 30 }), (events) =>
        withStore(create, async (store) => {
          const sightings = events.map((event, at) => ({ event, deleted: at % 3 === 0, at }));
          await writeAll(store, sightings, 7);
          assert.deepEqual(await readAll(store), expectRecords(sightings));
        }),
      ),
      { numRuns: 40 },
    ));

  test('write keeps every repeat of an Event that repeats hundreds of times, in any order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyRepeat, { minLength: 150, maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        (repeats, size) =>
          withStore(create, async (store) => {
            const [first] = recorded;
            assert.ok(first);
            const sightings = repeats.map((change) => ({
              event: change(first.event),
              deleted: false,
              at: 0,
            }));
            await writeAll(store, sightings, size);
            assert.deepEqual(await readAll(store), expectRecords(sightings));
            const { occurrences } = await store.readSize();
            assert.equal(occurrences, expectRecords(sightings)[0]?.points.length);
          }),
      ),
      { numRuns: 15 },
    ));

  test('write counts what is added, repeated, changed and unchanged', () =>
    withStore(create, async (store) => {
      const [first] = recorded;
      assert.ok(first);
      const { event } = first;
      const seen = { event, deleted: false, at: 0 };
      const count = async (...sightings: Sighting[]) => store.write({ cluster: CLUSTER, sightings });
      const none = { added: 0, repeated: 0, changed: 0, unchanged: 0 };
      assert.deepEqual(await count(seen), { ...none, added: 1 });
      assert.deepEqual(await count(seen, seen), { ...none, unchanged: 2 });
      assert.deepEqual(await count({ ...seen, event: repeat(event, 1) }), { ...none, repeated: 1 });
      assert.deepEqual(await count({ ...seen, event: repeat(event, 1), deleted: true, at: 9 }), {
        ...none,
        changed: 1,
      });
      assert.deepEqual(await count(seen, { ...seen, event: repeat(event, 1) }), { ...none, unchanged: 2 });
    }));

  test('write takes the points of an import, and their counts', () =>
    withStore(create, async (store) => {
      const [first] = recorded;
      assert.ok(first);
      const points = [5, 3, 1, 4, 2].map((times) => pointOf(repeat(first.event, times)));
      const sighting = { ...first, points };
      await store.write({ cluster: CLUSTER, sightings: [sighting] });
      assert.deepEqual(await readAll(store), expectRecords([sighting]));
      assert.equal((await store.readSize()).occurrences, 6);
    }));

  test('write changes nothing when it fails in the middle, and goes on afterwards', () =>
    withStore(create, async (store) => {
      const broken = {
        deleted: false,
        at: 0,
        get event(): Event {
          throw new Error('broken on purpose');
        },
      };
      const [one, ...rest] = recorded;
      assert.ok(one);
      await writeAll(store, [one]);
      const coverage: CoverageStep[] = [{ namespace: '', from: 1, to: 2 }];
      await assert.rejects(
        store.write({ cluster: CLUSTER, sightings: [...rest, broken], coverage }),
        /broken on purpose/,
      );
      assert.deepEqual(await readAll(store), expectRecords([one]));
      assert.deepEqual(await store.readCoverage(CLUSTER.uid), []);
      await writeAll(store, recorded);
      assert.deepEqual(await readAll(store), expectRecords(recorded));
      assert.equal((await store.readSize()).events, expectRecords(recorded).length);
    }));

  test('clusters are kept apart, and known by their latest name and version', () =>
    withStore(create, async (store) => {
      const some = recorded.slice(0, 50);
      await store.write({ cluster: CLUSTER, sightings: some });
      await store.write({ cluster: OTHER, sightings: some });
      await store.write({ cluster: { ...OTHER, name: 'renamed', version: '' }, sightings: [] });
      assert.deepEqual(await store.readClusters(), [CLUSTER, { ...OTHER, name: 'renamed' }]);
      assert.deepEqual(await readAll(store, { clusters: [OTHER.uid] }), expectRecords(some, OTHER));
      assert.deepEqual(
        await readAll(store),
        [...expectRecords(some), ...expectRecords(some, OTHER)].sort(compareRecordedEvents),
      );
    }));

  test('readSize counts Events and points', () =>
    withStore(create, async (store) => {
      await writeAll(store, recorded);
      const { events, occurrences, bytes } = await store.readSize();
      const records = expectRecords(recorded);
      assert.deepEqual(
        { events, occurrences },
        { events: records.length, occurrences: records.reduce((sum, { points }) => sum + points.length, 0) },
      );
      assert.ok(bytes > 0);
    }));
}

/** Makes a later state of the same Event: mostly a repeat, at times of another message, form of count, object or uid. */
const anyRepeat: fc.Arbitrary<(event: Event) => Event> = fc
  .record({
    times: fc.integer({ min: 1, max: 400 }),
    change: fc.constantFrom('none', 'none', 'none', 'message', 'series', 'uid', 'object', 'fraction'),
  })
  .map(({ times, change }) => (event) => {
    const later = repeat(event, times);
    const { involvedObject, namespace } = later;
    const lastObservedTime = (later.lastTimestamp ?? 0) + 1;
    if (change === 'message')
      return {
        ...later,
        message: `${times % 7}: ${involvedObject.name}_${namespace}(${involvedObject.uid})`,
      };
    if (change === 'series') return { ...later, series: { count: times, lastObservedTime } };
    if (change === 'uid') return { ...later, uid: `${times}` };
    if (change === 'object') return { ...later, involvedObject: { ...involvedObject, uid: `${times % 3}` } };
    return change === 'fraction' ? { ...later, lastTimestamp: lastObservedTime } : later;
  });

/** The same Event, some repeats later. */
function repeat(event: Event, times: number): Event {
  const lastTimestamp = (event.lastTimestamp ?? event.eventTime ?? 0) + times * MINUTE;
  const resourceVersion = String(Number(event.resourceVersion) + times);
  return { ...event, count: event.count + times, lastTimestamp, resourceVersion };
}

function testQueries(create: Create, recorded: readonly Sighting[]): void {
  describe('readEvents', () => {
    const all = expectRecords(recorded);
    let under: StoreUnderTest;
    let store: Store;
    before(async () => {
      under = await create();
      store = await under.open();
      await writeAll(store, recorded.slice(0, recorded.length / 2));
      await under.settle(store);
      await writeAll(store, recorded.slice(recorded.length / 2));
    });
    after(async () => {
      await store.close();
      await under.remove();
    });

    for (const [title, query] of queriesFor(all)) {
      test(`readEvents gives what matches, when asked for ${title}`, async () => {
        const matching = all.filter(matchQuery(query));
        const wanted = matching.slice(
          query.limit === undefined ? 0 : Math.max(0, matching.length - query.limit),
        );
        assert.deepEqual(await readAll(store, query), wanted);
        await under.settle(store);
        assert.deepEqual(await readAll(store, query), wanted);
      });
    }

    test('readEvents gives a reader of its own the same', async () => {
      const reader = await under.openReader();
      assert.deepEqual(await readAll(reader), all);
      await reader.close();
    });

    test('readEvents throws the reason when the signal aborts', async () => {
      const reason = new Error('stop');
      await assert.rejects(async () => {
        for await (const _ of store.readEvents({}, AbortSignal.abort(reason)));
      }, reason);
    });
  });

  test('readEvents gives each Event once, in order, while they are repeated meanwhile', () =>
    withStore(create, async (store) => {
      const times = 3;
      const many = Array.from({ length: times }, (_, copy) =>
        recorded.map(({ event }) => ({ event: renamed(event, copy), deleted: false, at: 0 })),
      ).flat();
      await writeAll(store, many, 1_000);
      const seen: RecordedEvent[] = [];
      for await (const page of store.readEvents({})) {
        seen.push(...page);
        const again = page.map(({ event }) => ({ event: repeat(event, 600), deleted: false, at: 0 }));
        await store.write({ cluster: CLUSTER, sightings: again });
      }
      const identities = new Set(seen.map(({ event }) => identify(event)));
      assert.equal(identities.size, seen.length);
      assert.deepEqual([...identities].sort(), [...new Set(many.map(({ event }) => identify(event)))].sort());
      assert.deepEqual(seen, seen.toSorted(compareRecordedEvents));
    }));
}

function renamed(event: Event, copy: number): Event {
  return copy === 0 ? event : { ...event, name: `${copy}-${event.name}` };
}

/** Questions that reach every condition, each with some of the record as its answer. */
function queriesFor(all: readonly RecordedEvent[]): [string, EventQuery][] {
  const middle = all[Math.floor(all.length / 2)];
  assert.ok(middle);
  const { involvedObject, namespace, reason, message } = middle.event;
  const at = lastHappenedAt(middle.event);
  const { kind, name, uid } = involvedObject;
  const namespaces = [...new Set(all.map(({ event }) => event.namespace))];
  const words = message.split(/[^A-Za-z]+/).filter((word) => word.length > 3);
  const [word = 'pod'] = words;
  return [
    ['everything', {}],
    ['nothing there is', { namespaces: ['no-such-namespace'] }],
    ['a namespace', { namespaces: [namespace] }],
    ['several namespaces', { namespaces: [...namespaces, 'no-such-namespace'] }],
    ['a namespace, since a time', { namespaces: [namespace], since: at }],
    ['another cluster', { clusters: ['elsewhere'] }],
    ['this cluster and another', { clusters: [CLUSTER.uid, 'elsewhere'] }],
    ['an object', { for: [{ kind: kind.toLowerCase(), name }] }],
    ['an object by uid', { for: [{ kind, name, uid }] }],
    ['an object of any kind', { for: [{ kind: '', name }] }],
    ['a kind and a uid', { for: [{ kind, name: '', uid }] }],
    [
      'objects',
      {
        for: [
          { kind, name },
          { kind: 'Deployment', name: '' },
        ],
      },
    ],
    ['an object that never was', { for: [{ kind, name: 'no-such-object' }] }],
    ['a kind', { kinds: ['POD'] }],
    ['kinds in a namespace', { kinds: ['pod', 'replicaset'], namespaces: [namespace] }],
    ['a type', { types: ['warning'] }],
    ['a reason', { reasons: [reason] }],
    ['reasons and a type', { reasons: [reason, 'BackOff', 'Failed'], types: ['Warning'] }],
    ['a reason that never was', { reasons: ['NoSuchReason'] }],
    ['a component', { components: ['kubelet'] }],
    ['components', { components: ['default-scheduler', 'deployment-controller'] }],
    ['a beginning', { since: at }],
    ['an end', { until: at }],
    ['a span of time', { since: at - 2 * MINUTE, until: at }],
    ['the newest', { limit: 7 }],
    ['the newest of a namespace', { namespaces: [namespace], limit: 5 }],
    ['the newest of a type', { types: ['Warning'], limit: 3 }],
    ['the newest of more than there are', { limit: 1_000_000 }],
    ['the newest none', { limit: 0 }],
    ['a word', { text: word }],
    ['words', { text: words.slice(0, 2).join(' ') }],
    ['the beginning of a word', { text: `${word.slice(0, 3)}*` }],
    ['a word that nobody said', { text: 'nobody5aid' }],
    ['text without a word', { text: '--' }],
    ['a piece of a message', { grep: /mag/u }],
    ['a whole phrase', { grep: /restarting failed/u }],
    ['a phrase, whatever its case', { grep: /RESTARTING FAILED/iu }],
    ['alternatives', { grep: /pulling|back-?off/iu }],
    ['a pattern without a word', { grep: /\d+s$/u }],
    ['a pattern, the newest', { grep: /container/u, limit: 4 }],
    ['a name inside a message', { grep: new RegExp(name, 'u') }],
    ['a pattern and a word', { grep: /e/u, text: word }],
    ['words in a namespace', { namespaces: [namespace], text: word, since: at - MINUTE }],
  ];
}

function testCoverage(create: Create, recorded: readonly Sighting[]): void {
  const write = (store: Store, ...coverage: CoverageStep[]) =>
    store.write({ cluster: CLUSTER, sightings: recorded.slice(0, 1), coverage });
  const read = async (store: Store) =>
    (await store.readCoverage(CLUSTER.uid)).map(({ cluster: _, ...stretch }) => stretch);

  test('coverage grows with each batch and is closed on request, its cursor kept', () =>
    withStore(create, async (store) => {
      await write(store, { namespace: '', from: 10, to: 10, resourceVersion: '5' });
      await write(store, { namespace: '', to: 30, resourceVersion: '7' }, { namespace: '', to: 20 });
      assert.deepEqual(await read(store), [
        { namespace: '', from: 10, to: 30, open: true, resourceVersion: '7' },
      ]);
      await write(store, { namespace: '', to: 40, close: true });
      await write(store, { namespace: '', from: 60, to: 70, resourceVersion: '9' });
      assert.deepEqual(await read(store), [
        { namespace: '', from: 10, to: 40, open: false, resourceVersion: '7' },
        { namespace: '', from: 60, to: 70, open: true, resourceVersion: '9' },
      ]);
    }));

  test('coverage opens at its end when none is open, and a new beginning ends the old stretch where it stood', () =>
    withStore(create, async (store) => {
      await write(store, { namespace: 'a', to: 5 }, { namespace: 'a', from: 8, to: 9 });
      assert.deepEqual(await read(store), [
        { namespace: 'a', from: 5, to: 5, open: false },
        { namespace: 'a', from: 8, to: 9, open: true },
      ]);
    }));

  test('coverage of namespaces and clusters is kept apart', () =>
    withStore(create, async (store) => {
      await write(store, { namespace: 'b', from: 1, to: 5 }, { namespace: 'a', from: 2, to: 4 });
      await store.write({ cluster: OTHER, sightings: [], coverage: [{ namespace: '', from: 3, to: 6 }] });
      assert.deepEqual(await read(store), [
        { namespace: 'a', from: 2, to: 4, open: true },
        { namespace: 'b', from: 1, to: 5, open: true },
      ]);
      assert.deepEqual(await store.readCoverage(OTHER.uid), [
        { cluster: OTHER.uid, namespace: '', from: 3, to: 6, open: true },
      ]);
    }));

  test('coverage left open ends at what was committed last when the store is opened to write again', () =>
    withStore(create, async (store, under) => {
      await write(store, { namespace: '', from: 10, to: 30, resourceVersion: '7' });
      await store.close();
      const again = await under.open();
      assert.deepEqual(await read(again), [
        { namespace: '', from: 10, to: 30, open: false, resourceVersion: '7' },
      ]);
      await again.close();
    }));

  test('readGaps tells the holes in the asked time, and which a later list caught up on', () =>
    withStore(create, async (store) => {
      const start = 100 * HOUR;
      await write(store, { namespace: '', from: start, to: start + HOUR, close: true });
      await write(store, { namespace: '', from: start + HOUR + MINUTE, to: start + 2 * HOUR, close: true });
      await write(store, { namespace: '', from: start + 10 * HOUR, to: start + 11 * HOUR });
      const about = { cluster: CLUSTER.uid, namespace: '' };
      const long = [
        { ...about, from: start + 2 * HOUR, to: start + 9 * HOUR, caughtUpAt: undefined },
        { ...about, from: start + 9 * HOUR, to: start + 10 * HOUR, caughtUpAt: start + 10 * HOUR },
      ];
      const short = {
        ...about,
        from: start + HOUR,
        to: start + HOUR + MINUTE,
        caughtUpAt: start + HOUR + MINUTE,
      };
      const end = { ...about, from: start + 11 * HOUR, to: start + 12 * HOUR, caughtUpAt: undefined };
      assert.deepEqual(await store.readGaps({}), [short, ...long]);
      assert.deepEqual(await store.readGaps({ since: start + (3 * HOUR) / 2 }), long);
      assert.deepEqual(await store.readGaps({ until: start + 12 * HOUR }), [short, ...long, end]);
      assert.deepEqual(await store.readGaps({ since: start + 10 * HOUR, until: start + 11 * HOUR }), []);
      assert.deepEqual(await store.readGaps({ clusters: ['elsewhere'] }), []);
    }));
}

function testFollow(create: Create, recorded: readonly Sighting[]): void {
  for (const who of ['the writer', 'a reader beside it'])
    test(`follow tells ${who} of every change once, in its latest state, from the moment it is called`, () =>
      withStore(create, async (store, under) => {
        const reader = who === 'the writer' ? store : await under.openReader();
        const half = Math.floor(recorded.length / 2);
        await writeAll(store, recorded.slice(0, half));
        const stop = new AbortController();
        const told = reader.follow({}, stop.signal)[Symbol.asyncIterator]();
        const wanted = new Map<string, RecordedEvent>();
        const final = expectRecords(recorded);
        const touched = new Set(recorded.slice(half).map(({ event }) => identify(event)));
        for (const record of final)
          if (touched.has(identify(record.event))) wanted.set(identify(record.event), record);
        await writeAll(store, recorded.slice(half));
        const known = new Map<string, RecordedEvent>();
        while ([...wanted].some(([key, record]) => !isSame(known.get(key), record))) {
          const page = await told.next();
          assert.notEqual(page.done, true);
          for (const record of page.value ?? []) known.set(identify(record.event), record);
        }
        assert.deepEqual([...known.keys()].sort(), [...wanted.keys()].sort());
        stop.abort();
        assert.equal((await told.next()).done, true);
        if (reader !== store) await reader.close();
      }));

  test('follow tells only what matches, and nothing of what changed nothing', () =>
    withStore(create, async (store) => {
      const reasons = ['Killing'];
      const stop = new AbortController();
      await writeAll(store, recorded);
      const told = store.follow({ reasons }, stop.signal)[Symbol.asyncIterator]();
      await writeAll(store, recorded);
      const [killed] = expectRecords(recorded).filter(matchQuery({ reasons }));
      assert.ok(killed);
      await writeAll(
        store,
        recorded.map(({ event }) => ({ event: repeat(event, 900), deleted: false, at: 0 })),
      );
      const seen: RecordedEvent[] = [];
      const count = expectRecords(recorded).filter(matchQuery({ reasons })).length;
      while (seen.length < count) seen.push(...((await told.next()).value ?? []));
      assert.equal(seen.length, count);
      assert.ok(seen.every(({ event }) => event.reason === 'Killing'));
      stop.abort();
      assert.equal((await told.next()).done, true);
    }));

  test('follow ends when the store is closed', () =>
    withStore(create, async (store) => {
      const told = store.follow({}, new AbortController().signal)[Symbol.asyncIterator]();
      const next = told.next();
      await store.close();
      assert.equal((await next).done, true);
    }));
}

function isSame(a: RecordedEvent | undefined, b: RecordedEvent): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function testRetention(create: Create, recorded: readonly Sighting[]): void {
  test('retain removes the Events last seen before, nothing else, and the coverage of that time', () =>
    withStore(create, async (store, under) => {
      const all = expectRecords(recorded);
      const middle = all[Math.floor(all.length / 2)];
      assert.ok(middle);
      const before = Math.floor(lastHappenedAt(middle.event) / SECOND) * SECOND;
      const coverage = [{ namespace: '', from: 1, to: before + HOUR }];
      await store.write({ cluster: CLUSTER, sightings: recorded, coverage });
      await under.settle(store);
      const left = all.filter(({ event }) => lastHappenedAt(event) >= before);
      const gone = all.filter(({ event }) => lastHappenedAt(event) < before);
      assert.ok(left.length > 0 && gone.length > 0);
      assert.deepEqual(await store.retain({ before }), {
        events: gone.length,
        occurrences: gone.reduce((sum, { points }) => sum + points.length, 0),
      });
      assert.deepEqual(await readAll(store), left);
      const [stretch] = await store.readCoverage(CLUSTER.uid);
      assert.ok(stretch !== undefined && stretch.from > 1 && stretch.from <= before);
      const { events, occurrences } = await store.readSize();
      assert.deepEqual(
        { events, occurrences },
        { events: left.length, occurrences: left.reduce((sum, { points }) => sum + points.length, 0) },
      );
      assert.deepEqual(await store.retain({ before }), { events: 0, occurrences: 0 });
    }));

  test('what was removed can be written anew', () =>
    withStore(create, async (store, under) => {
      await writeAll(store, recorded);
      await under.settle(store);
      const latest = Math.max(...recorded.map(({ event }) => lastHappenedAt(event)));
      await store.retain({ before: latest + HOUR });
      assert.deepEqual(await readAll(store), []);
      await writeAll(store, recorded);
      await under.settle(store);
      assert.deepEqual(await readAll(store), expectRecords(recorded));
      assert.deepEqual(
        await readAll(store, { text: 'container' }),
        expectRecords(recorded).filter(matchQuery({ text: 'container' })),
      );
    }));

  test('retain removes the oldest until the store is small enough', () =>
    withStore(create, async (store, under) => {
      const copies = 20;
      const many = Array.from({ length: copies }, (_, copy) =>
        recorded.map((sighting) => ({ ...sighting, event: renamed(sighting.event, copy) })),
      ).flat();
      await writeAll(store, many, 1_000);
      await under.settle(store);
      await store.retain({ bytes: Number.MAX_SAFE_INTEGER });
      const { bytes } = await store.readSize();
      const limit = Math.floor(bytes / 2);
      const removed = await store.retain({ bytes: limit });
      const left = await readAll(store);
      const all = expectRecords(many);
      assert.ok(removed.events > 0 && left.length > 0);
      assert.equal(removed.events + left.length, all.length);
      const [oldest] = left;
      assert.ok(oldest);
      const goneLatest = all.slice(0, removed.events).map(({ event }) => lastHappenedAt(event));
      assert.ok(Math.max(...goneLatest) < lastHappenedAt(oldest.event) + SECOND);
      assert.ok((await store.readSize()).bytes <= limit);
      assert.deepEqual(await store.retain({ bytes: limit }), { events: 0, occurrences: 0 });
    }));

  test('retain stops between two steps when the signal aborts', () =>
    withStore(create, async (store) => {
      await writeAll(store, recorded);
      const all = await readAll(store);
      const reason = AbortSignal.abort();
      assert.deepEqual(await store.retain({ before: Number.MAX_SAFE_INTEGER }, reason), {
        events: 0,
        occurrences: 0,
      });
      assert.deepEqual(await readAll(store), all);
    }));
}
