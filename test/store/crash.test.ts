import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { RecordedEvent } from '../../src/events/event.ts';
import { matchQuery } from '../../src/events/matches-query.ts';
import type { EventQuery } from '../../src/events/query.ts';
import type { Change } from '../../src/objects/change.ts';
import { expectRecords } from '../../src/store/conformance.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { CLUSTER, makeBatches } from './batches.ts';
import { runWriter } from './run-writer.ts';

const ROUNDS = 8;

async function readAll(store: SqliteStore, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents(query)) records.push(...page);
  return records;
}

/** Numbers from 1 to `most`, the same for the same seed (a linear congruential generator, Numerical Recipes' constants). */
function createDice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor((state / 2 ** 32) * most);
  };
}

test('a store keeps every batch that was acknowledged, each whole, when its writer is killed at any moment', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-crash-'));
  const file = join(folder, 'events.db');
  const roll = createDice(20261123);
  try {
    let committed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const writer = runWriter(t, file, committed);
      await writer.afterBatches(roll(60));
      const acknowledged = await writer.kill();
      committed = await checkStore(file, acknowledged);
    }
    assert.ok(committed > ROUNDS);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Checks the store against the truth; gives the number of batches in it. */
async function checkStore(file: string, acknowledged: number): Promise<number> {
  const store = openSqliteStore({ file, mode: 'write' });
  const stretches = await store.readCoverage(CLUSTER.uid);
  const committed = stretches.at(-1)?.to ?? 0;
  assert.ok(committed >= acknowledged, `${acknowledged} batches were acknowledged, ${committed} are there`);
  assert.ok(stretches.every(({ open }) => !open));
  const sightings = makeBatches()
    .take(committed)
    .flatMap((batch) => batch.sightings)
    .toArray();
  const truth = expectRecords(sightings, CLUSTER);
  assert.deepEqual(await readAll(store), truth);
  const query = { text: 'image example' };
  assert.deepEqual(await readAll(store, query), truth.filter(matchQuery(query)));
  const { events, objects, changes } = await store.readSize();
  assert.deepEqual([events, objects, changes], [truth.length, committed, committed]);
  const told: Change[] = [];
  for await (const page of store.readChanges({})) told.push(...page);
  const batches = makeBatches().take(committed).toArray();
  assert.deepEqual(
    told,
    batches.flatMap((batch) => batch.changes ?? []),
  );
  await store.close();
  const db = new DatabaseSync(file, { readOnly: true });
  assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok']);
  db.close();
  return committed;
}
