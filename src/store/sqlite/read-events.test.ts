import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CLUSTER, readSightings } from '../../../test/store/batches.ts';
import { expectRecords } from '../conformance.ts';
import { openForReading } from './open-database.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { readEventPages } from './read-events.ts';
import { createNameReader } from './read-names.ts';

/** Another process commits the removal of all Events; returns how many rows went. */
function removeAll(file: string): number {
  const db = new DatabaseSync(file);
  db.exec('BEGIN');
  const removed = ['events', 'objects', 'sayings', 'chunks'].map((table) =>
    db.prepare(`DELETE FROM ${table}`).run(),
  );
  db.exec('COMMIT');
  db.close();
  return removed.reduce((sum, { changes }) => sum + Number(changes), 0);
}

test('readEventPages gives a page as it was when retention removes what its rows name meanwhile', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-read-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const sightings = readSightings('v1.36/c-crashloop/events-core-v1.jsonl');
  const all = expectRecords(sightings, CLUSTER);
  for (const limit of [undefined, 5]) {
    const file = join(folder, `${limit}.db`);
    const store = openSqliteStore({ file, mode: 'write' });
    await store.write({ cluster: CLUSTER, sightings });
    await store.close();
    const { db, close } = openForReading(file);
    const names = createNameReader(db);
    let removed = 0;
    const interrupted = {
      ...names,
      object(id: number) {
        removed ||= removeAll(file);
        return names.object(id);
      },
    };
    const records = [...readEventPages(db, interrupted, limit === undefined ? {} : { limit })].flat();
    close();
    assert.ok(removed > all.length);
    assert.deepEqual(records, all.slice(-(limit ?? 0)));
  }
});
