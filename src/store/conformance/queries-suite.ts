import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { Sighting } from '../../events/sighting.ts';
import type { Store } from '../store.ts';
import { sampleQueries } from './sample-queries.ts';
import {
  CLUSTER,
  type Create,
  expectRecords,
  readAll,
  renamed,
  repeat,
  type StoreUnderTest,
  withStore,
  writeAll,
} from './under-test.ts';

export function queriesSuite(create: Create, recorded: readonly Sighting[]): void {
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

    for (const [title, query] of sampleQueries(all)) {
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
