import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLUSTER, readSightings } from '../../../test/store/batches.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { openSqliteStore, type SqliteStore } from './open-sqlite-store.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');

function openStore(changesKept?: number): { store: SqliteStore; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'hark-changed-'));
  const options = changesKept === undefined ? {} : { changesKept };
  const store = openSqliteStore({ file: join(folder, 'events.db'), mode: 'write', ...options });
  return { store, remove: () => rmSync(folder, { recursive: true }) };
}

async function readAll(store: SqliteStore): Promise<Map<string, RecordedEvent>> {
  const all = new Map<string, RecordedEvent>();
  for await (const page of store.readEvents({}))
    for (const record of page) all.set(identify(record.event), record);
  return all;
}

test('readChanged tells each Event once, in its latest state, where it changed last, from any place on', async (t) => {
  const { store, remove } = openStore();
  t.after(async () => {
    await store.close();
    remove();
  });
  const places = [await store.readPlace()];
  for (const sighting of SIGHTINGS) {
    await store.write({ cluster: CLUSTER, sightings: [sighting] });
    places.push(await store.readPlace());
  }
  const all = await readAll(store);
  for (const place of places) {
    const told = new Map<string, RecordedEvent>();
    for (let at = place; ; ) {
      // In small steps: at most up to the next change.
      const changed = await store.readChanged(at, at + 1);
      assert.ok(changed !== 'gone');
      if (changed.upto === at) break;
      at = changed.upto;
      for (const record of changed.records) {
        if (record === undefined) continue;
        const id = identify(record.event);
        assert.equal(told.has(id), false);
        told.set(id, record);
        assert.deepEqual(record, all.get(id));
      }
    }
    const whole = await store.readChanged(place);
    assert.ok(whole !== 'gone');
    assert.equal(whole.records.filter((record) => record !== undefined).length, told.size);
    if (place === places[0]) assert.equal(told.size, all.size);
  }
});

test('readChanged says gone when the log does not go back that far, or knows less than the asker', async (t) => {
  const { store, remove } = openStore(5);
  t.after(async () => {
    await store.close();
    remove();
  });
  for (const sighting of SIGHTINGS) await store.write({ cluster: CLUSTER, sightings: [sighting] });
  assert.equal(await store.readChanged(0), 'gone');
  assert.equal(await store.readChanged((await store.readPlace()) + 1), 'gone');
  const latest = await store.readPlace();
  assert.deepEqual(await store.readChanged(latest), { upto: latest, records: [], numbers: [], firsts: [] });
});

test('readChanged and readNumbered number every change for good, and go on after any of them', async (t) => {
  const { store, remove } = openStore();
  t.after(async () => {
    await store.close();
    remove();
  });
  for (let at = 0; at < SIGHTINGS.length; at += 7)
    await store.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(at, at + 7) });
  const latest = await store.readPlace();
  const numbered = new Map<string, number>();
  for await (const page of store.readNumbered({}))
    for (const { record, number } of page) numbered.set(identify(record.event), number);
  const all = await readAll(store);
  assert.deepEqual([...numbered.keys()], [...all.keys()]);
  assert.equal(new Set(numbered.values()).size, all.size);
  for (let place = 0; place <= latest; place += 1) {
    const changed = await store.readChanged(place);
    assert.ok(changed !== 'gone');
    assert.equal(changed.upto, latest);
    const expected = [...numbered].filter(([, number]) => number > place);
    const told = changed.records.map((record, index) => {
      assert.ok(record !== undefined);
      const first = changed.firsts[index] ?? 0;
      assert.ok(first > 0 && first <= (changed.numbers[index] ?? 0));
      return [identify(record.event), changed.numbers[index]];
    });
    assert.deepEqual(new Map(told as [string, number][]), new Map(expected));
  }
});

test('readNumbered gives 0 for what changed before the history begins', async (t) => {
  const { store, remove } = openStore(3);
  t.after(async () => {
    await store.close();
    remove();
  });
  for (const sighting of SIGHTINGS) await store.write({ cluster: CLUSTER, sightings: [sighting] });
  const latest = await store.readPlace();
  // Opened again, so that nothing is remembered.
  const reader = openSqliteStore({ file: store.file, mode: 'read' });
  const numbers: number[] = [];
  for await (const page of reader.readNumbered({})) numbers.push(...page.map(({ number }) => number));
  await reader.close();
  assert.deepEqual(
    new Set(numbers.filter((number) => number > 0)),
    new Set([latest - 2, latest - 1, latest].filter((number) => numbers.includes(number))),
  );
  assert.ok(numbers.includes(latest) && numbers.includes(0));
});
