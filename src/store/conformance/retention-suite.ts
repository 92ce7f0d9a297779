import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastHappenedAt } from '../../events/event-time.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { Sighting } from '../../events/sighting.ts';
import { HOUR, SECOND } from '../../lib/time.ts';
import { CLUSTER, type Create, expectRecords, readAll, renamed, withStore, writeAll } from './under-test.ts';

const NOTHING = { events: 0, occurrences: 0, objects: 0, changes: 0 };

export function retentionSuite(create: Create, recorded: readonly Sighting[]): void {
  function copyMany(copies: number): Sighting[] {
    return Array.from({ length: copies }, (_, copy) =>
      recorded.map((sighting) => ({ ...sighting, event: renamed(sighting.event, copy) })),
    ).flat();
  }

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
        objects: 0,
        changes: 0,
      });
      assert.deepEqual(await readAll(store), left);
      const [stretch] = await store.readCoverage(CLUSTER.uid);
      assert.ok(stretch !== undefined && stretch.from > 1 && stretch.from <= before);
      const { events, occurrences } = await store.readSize();
      assert.deepEqual(
        { events, occurrences },
        { events: left.length, occurrences: left.reduce((sum, { points }) => sum + points.length, 0) },
      );
      assert.deepEqual(await store.retain({ before }), NOTHING);
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
      const many = copyMany(20);
      await writeAll(store, many, 1_000);
      await under.settle(store);
      await store.retain({ bytes: Number.MAX_SAFE_INTEGER });
      const { bytes } = await store.readSize();
      const limit = Math.floor(bytes / 2);
      const removed = await store.retain({ bytes: limit });
      const left = await readAll(store);
      const all = expectRecords(many);
      assert.ok(removed.events > 0);
      assert.ok(
        left.length > all.length / 10,
        `only ${left.length} of ${all.length} are left in half the room`,
      );
      assert.equal(removed.events + left.length, all.length);
      const [oldest] = left;
      assert.ok(oldest);
      const goneLatest = all.slice(0, removed.events).map(({ event }) => lastHappenedAt(event));
      assert.ok(Math.max(...goneLatest) < lastHappenedAt(oldest.event) + SECOND);
      assert.ok((await store.readSize()).bytes <= limit);
      assert.deepEqual(await store.retain({ bytes: limit }), NOTHING);
    }));

  test('retain removes hardly more than it must, of a record that was not written in the order of its times too', () =>
    withStore(create, async (store, under) => {
      const many = copyMany(24);
      await writeAll(store, shuffle(many), 1_000);
      await under.settle(store);
      await store.retain({ bytes: Number.MAX_SAFE_INTEGER });
      const { events, bytes } = await store.readSize();
      const removed = await store.retain({ bytes: Math.floor(bytes * 0.8) });
      const left = await readAll(store);
      assert.ok(removed.events > 0);
      assert.ok(
        removed.events < 0.4 * events,
        `removed ${removed.events} of ${events} for a fifth of the room`,
      );
      assert.ok((await store.readSize()).bytes <= 0.8 * bytes);
      assert.equal(removed.events + left.length, events);
      const [oldest] = left;
      assert.ok(oldest);
      const newestGone = expectRecords(many)[removed.events - 1];
      assert.ok(newestGone);
      assert.ok(lastHappenedAt(newestGone.event) < lastHappenedAt(oldest.event) + SECOND);
    }));

  test('retain stops between two steps when the signal aborts', () =>
    withStore(create, async (store) => {
      await writeAll(store, recorded);
      const all = await readAll(store);
      const reason = AbortSignal.abort();
      assert.deepEqual(await store.retain({ before: Number.MAX_SAFE_INTEGER }, reason), NOTHING);
      assert.deepEqual(await readAll(store), all);
    }));
}

/** The same order every time. */
function shuffle<T>(values: readonly T[]): T[] {
  const places = values.map((_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 0);
  return values
    .map((value, index) => ({ value, place: places[index] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
