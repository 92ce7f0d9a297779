import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedEvent } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { Sighting } from '../../events/sighting.ts';
import { type Create, expectRecords, repeat, withStore, writeAll } from './under-test.ts';

export function followSuite(create: Create, recorded: readonly Sighting[]): void {
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
