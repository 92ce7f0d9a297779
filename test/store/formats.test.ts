import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { compareText } from '../../src/events/compare-events.ts';
import type { RecordedEvent } from '../../src/events/event.ts';
import { matchQuery } from '../../src/events/matches-query.ts';
import type { EventQuery } from '../../src/events/query.ts';
import { type Change, identifyChange } from '../../src/objects/change.ts';
import type { LastState } from '../../src/objects/last-state.ts';
import type { KubernetesObject } from '../../src/objects/object.ts';
import { textAt } from '../../src/objects/raw-object.ts';
import { expectRecords } from '../../src/store/conformance.ts';
import { FORMAT } from '../../src/store/sqlite/migrate.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import type { RecordBatch } from '../../src/store/store.ts';
import { CLUSTER } from './batches.ts';
import { FORMAT_BATCHES, FORMAT_LAST_STATES, FORMAT_OBJECTS } from './format-batches.ts';

const FOLDER = fileURLToPath(new URL('formats/', import.meta.url));

async function readAll(store: SqliteStore, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents(query)) records.push(...page);
  return records;
}

/** Objects by uid, and changes in time order. */
async function readTold(store: SqliteStore) {
  const objects: KubernetesObject[] = [];
  const changes: Change[] = [];
  for await (const page of store.readObjects({})) objects.push(...page);
  for await (const page of store.readChanges({})) changes.push(...page);
  return sortTold({ objects, changes });
}

async function readLastStates(store: SqliteStore): Promise<LastState[]> {
  const states: LastState[] = [];
  for await (const page of store.readLastStates({})) states.push(...page);
  return sortStates(states);
}

function sortStates(states: readonly LastState[]): LastState[] {
  const uidOf = ({ object }: LastState) => textAt(object, 'metadata', 'uid');
  return states.toSorted((a, b) => compareText(uidOf(a), uidOf(b)));
}

function sortTold({ objects, changes }: Pick<Required<RecordBatch>, 'objects' | 'changes'>) {
  return {
    objects: objects.toSorted((a, b) => compareText(a.uid, b.uid)),
    changes: changes.toSorted((a, b) => a.at - b.at || compareText(identifyChange(a), identifyChange(b))),
  };
}

const sightings = FORMAT_BATCHES.flatMap((batch) => batch.sightings);

test('there is a store of every format, as that Hark wrote it', () => {
  const wanted = Array.from({ length: FORMAT }, (_, index) => `format-${index + 1}.db.gz`);
  assert.deepEqual(
    readdirSync(FOLDER).sort(),
    wanted,
    `node test/store/write-format.ts writes the one of format ${FORMAT}`,
  );
});

for (const name of readdirSync(FOLDER)) {
  test(`openSqliteStore upgrades ${name}, reads all of it and goes on`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'hark-format-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'events.db');
    writeFileSync(file, gunzipSync(readFileSync(join(FOLDER, name))));
    const store = openSqliteStore({ file, mode: 'write' });
    const truth = expectRecords(sightings, CLUSTER);
    assert.deepEqual(await readAll(store), truth);
    const query = { text: 'restarting', types: ['Warning'] };
    assert.ok(truth.some(matchQuery(query)));
    assert.deepEqual(await readAll(store, query), truth.filter(matchQuery(query)));
    assert.deepEqual(await store.readCoverage(CLUSTER.uid), [
      { cluster: CLUSTER.uid, namespace: '', from: 0, to: FORMAT_BATCHES.length, open: false },
    ]);
    const knowsObjects = name !== 'format-1.db.gz';
    assert.deepEqual(
      await readTold(store),
      knowsObjects ? sortTold(FORMAT_OBJECTS) : { objects: [], changes: [] },
    );
    const { objects, changes } = await store.write({ cluster: CLUSTER, sightings: [], ...FORMAT_OBJECTS });
    const { objects: states, changes: told } = FORMAT_OBJECTS;
    assert.deepEqual([objects, changes], knowsObjects ? [0, 0] : [states.length, told.length]);
    assert.deepEqual(await readTold(store), sortTold(FORMAT_OBJECTS));
    const knowsLastStates = !['format-1.db.gz', 'format-2.db.gz', 'format-3.db.gz'].includes(name);
    assert.ok(FORMAT_LAST_STATES.length > 10);
    assert.deepEqual(await readLastStates(store), knowsLastStates ? sortStates(FORMAT_LAST_STATES) : []);
    await store.write({ cluster: CLUSTER, sightings: [], lastStates: FORMAT_LAST_STATES });
    assert.deepEqual(await readLastStates(store), sortStates(FORMAT_LAST_STATES));
    for (const batch of FORMAT_BATCHES) {
      const { unchanged } = await store.write(batch);
      assert.equal(unchanged, batch.sightings.length);
    }
    await store.close();
  });
}
