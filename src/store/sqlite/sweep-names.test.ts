import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readObjects } from '../../../test/read-objects.ts';
import { CLUSTER, readSightings } from '../../../test/store/batches.ts';
import { compareText } from '../../events/compare-events.ts';
import type { Event, RecordedEvent } from '../../events/event.ts';
import { lastHappenedAt } from '../../events/event-time.ts';
import type { Sighting } from '../../events/sighting.ts';
import type { Change } from '../../objects/change.ts';
import { createObjectMemory } from '../../objects/memory-objects.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { ObjectReader } from '../../objects/object-query.ts';
import { expectRecords } from '../conformance.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

function count(file: string, table: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare(`SELECT count(*) AS rows FROM ${table}`).get();
  db.close();
  return Number(row?.rows);
}

async function readTold(reader: ObjectReader) {
  const objects: KubernetesObject[] = [];
  const changes: Change[] = [];
  for await (const page of reader.readObjects({})) objects.push(...page);
  for await (const page of reader.readChanges({})) changes.push(...page);
  return { objects: objects.sort((a, b) => compareText(a.uid, b.uid)), changes };
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
  const { objects, changes } = readObjects('v1.36/j-rollout-undo/objects.jsonl', CLUSTER.uid);
  const stay = createObjectMemory();
  const keep = async (change: Change) => {
    stay.addChange(change);
    await store.write({ cluster: CLUSTER, sightings: [], changes: [change] });
  };
  for (const object of objects) stay.addObject({ ...object, deletedAt: undefined });
  await store.write({
    cluster: CLUSTER,
    sightings: [],
    objects: objects.map((object) => ({ ...object, deletedAt: undefined })),
  });
  for (const change of changes) await keep({ ...change, at: change.at + 1e15 });
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
    // A change that was looked at is told better now: by who was never heard of, then by who has gone.
    const change = changes.find(({ type }) => type === 'spec-changed');
    assert.ok(change?.type === 'spec-changed');
    const fields = [
      { field: 'paused', container: `one${turn}`, from: '', to: turn % 2 === 0 ? 'BackOff' : reason },
    ];
    await keep({ ...change, at: change.at + 1e15, fields });
    await nextTurn();
  }
  await retaining;
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents({})) records.push(...page);
  assert.deepEqual(records, expectRecords([...recent, ...again], CLUSTER));
  assert.ok(again.length > 3);
  assert.deepEqual(await readTold(store), await readTold(stay));
  const left = ['objects', 'sayings', 'strings'].map((table) => count(file, table));
  for (const [index, rows] of left.entries()) {
    // Some more for each Event and change that came again, one for the newest, which stays.
    const most = (alone[index] ?? 0) + 4 * again.length + 1;
    assert.ok(rows >= (alone[index] ?? 0) && rows <= most, `${left} after ${alone}`);
  }
  await store.close();
});
