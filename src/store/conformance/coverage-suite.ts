import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sighting } from '../../events/sighting.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import type { CoverageStep, Store } from '../store.ts';
import { CLUSTER, type Create, OTHER, withStore } from './under-test.ts';

export function coverageSuite(create: Create, recorded: readonly Sighting[]): void {
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
