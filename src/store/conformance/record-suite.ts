import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { Event } from '../../events/event.ts';
import { pointOf } from '../../events/occurrences.ts';
import type { Sighting } from '../../events/sighting.ts';
import type { CoverageStep } from '../store.ts';
import { anyEvent } from './any-event.ts';
import {
  CLUSTER,
  type Create,
  expectRecords,
  OTHER,
  readAll,
  repeat,
  withStore,
  writeAll,
} from './under-test.ts';

export function recordSuite(create: Create, recorded: readonly Sighting[]): void {
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
      const none = { added: 0, repeated: 0, changed: 0, unchanged: 0, objects: 0, changes: 0 };
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
