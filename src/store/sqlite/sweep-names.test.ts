import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CLUSTER, readSightings } from '../../../test/store/batches.ts';
import type { Event, RecordedEvent } from '../../events/event.ts';
import { lastHappenedAt } from '../../events/event-time.ts';
import type { Sighting } from '../../events/sighting.ts';
import { expectRecords } from '../conformance.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

function count(file: string, table: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare(`SELECT count(*) AS rows FROM ${table}`).get();
  db.close();
  return Number(row?.rows);
}

/** Copies of what was recorded, each under names of its own. */
function copy(path: string, times: number, change: (event: Event) => Event): Sighting[] {
  return Array.from({ length: times }, (_, number) =>
    readSightings(path).map(({ event, ...sighting }) => ({
      ...sighting,
      event: change({ ...event, name: `${number}-${event.name}` }),
    })),
  ).flat();
}

test('retain removes objects, sayings and strings that nothing uses any more, and none that something uses', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-sweep-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'events.db');
  const store = openSqliteStore({ file, mode: 'write' });
  const old = copy('v1.36/c-crashloop/events-core-v1.jsonl', 10, (event) => event);
  const recent = copy('v1.20/b-bad-image/events-core-v1.jsonl', 40, (event) => ({
    ...event,
    lastTimestamp: (event.lastTimestamp ?? event.eventTime ?? 0) + 1e15,
  }));
  await store.write({ cluster: CLUSTER, sightings: recent });
  const alone = ['objects', 'sayings', 'strings'].map((table) => count(file, table));
  await store.write({ cluster: CLUSTER, sightings: old });

  let isDone = false;
  const before = Math.min(...recent.map(({ event }) => lastHappenedAt(event)));
  const retaining = store.retain({ before }).then(() => {
    isDone = true;
  });
  // While the rest is looked through, Events that were looked at already say what none said before.
  const again: Sighting[] = [];
  for (let turn = 0; !isDone; turn++) {
    const { event } = recent[turn % recent.length] ?? assert.fail();
    const reason = `Reason${'x'.repeat(turn)}`;
    const sighting = { event: { ...event, reason, lastTimestamp: 3e15 + turn }, deleted: false, at: 0 };
    again.push(sighting);
    await store.write({ cluster: CLUSTER, sightings: [sighting] });
    await nextTurn();
  }
  await retaining;
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents({})) records.push(...page);
  assert.deepEqual(records, expectRecords([...recent, ...again], CLUSTER));
  assert.ok(again.length > 3);
  const left = ['objects', 'sayings', 'strings'].map((table) => count(file, table));
  for (const [index, rows] of left.entries()) {
    // One more for each Event that came again, one for the newest, which stays.
    const most = (alone[index] ?? 0) + again.length + 1;
    assert.ok(rows >= (alone[index] ?? 0) && rows <= most, `${left} after ${alone}`);
  }
  await store.close();
});
