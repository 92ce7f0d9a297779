import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { RecordedEvent } from '../../src/events/event.ts';
import { matchQuery } from '../../src/events/matches-query.ts';
import type { EventQuery } from '../../src/events/query.ts';
import { expectRecords } from '../../src/store/conformance.ts';
import { FORMAT } from '../../src/store/sqlite/migrate.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { CLUSTER } from './batches.ts';
import { FORMAT_BATCHES } from './format-batches.ts';

const FOLDER = fileURLToPath(new URL('formats/', import.meta.url));

async function readAll(store: SqliteStore, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents(query)) records.push(...page);
  return records;
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
    for (const batch of FORMAT_BATCHES) {
      const { unchanged } = await store.write(batch);
      assert.equal(unchanged, batch.sightings.length);
    }
    await store.close();
  });
}
