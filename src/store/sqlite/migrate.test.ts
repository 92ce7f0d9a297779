import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FORMAT, readFormat } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { openForReading, openForWriting } from './open-database.ts';

function makeFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hark-migrate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'events.db');
}

function inspect<T>(file: string, look: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

test('openForWriting makes a new store of the newest format', (t) => {
  const file = makeFile(t);
  openForWriting(file, {}).close();
  assert.equal(inspect(file, readFormat), FORMAT);
});

test('openForWriting upgrades an older store step by step, SQL or function', (t) => {
  const file = makeFile(t);
  openForWriting(file, {}).close();
  const steps = [
    ...migrations,
    'CREATE TABLE kept (a); INSERT INTO kept VALUES (1)',
    (db: DatabaseSync) => db.exec('UPDATE kept SET a = a + 1'),
  ];
  openForWriting(file, {}, steps).close();
  assert.equal(inspect(file, readFormat), FORMAT + 2);
  assert.equal(
    inspect(file, (db) => db.prepare('SELECT a FROM kept').get()?.a),
    2,
  );
});

test('openForWriting leaves the old format as it was when a step fails', (t) => {
  const file = makeFile(t);
  openForWriting(file, {}).close();
  const steps = [...migrations, 'CREATE TABLE half (a)', 'INSERT INTO nowhere VALUES (1)'];
  assert.throws(() => openForWriting(file, {}, steps), /no such table: nowhere/);
  assert.equal(inspect(file, readFormat), FORMAT);
  assert.equal(
    inspect(file, (db) => db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()),
    undefined,
  );
  openForWriting(file, {}).close();
});

test('openForReading refuses an older store, as it must not upgrade it, and a newer one', (t) => {
  const file = makeFile(t);
  openForWriting(file, {}).close();
  const newer = [...migrations, 'CREATE TABLE more (a)'];
  assert.throws(() => openForReading(file, newer), {
    code: 'store-older',
    message: new RegExp(`older Hark \\(format ${FORMAT}, this one reads ${FORMAT + 1}\\)`),
  });
  openForWriting(file, {}, newer).close();
  assert.throws(() => openForReading(file), { code: 'store-newer' });
  assert.throws(() => openForWriting(file, {}), { code: 'store-newer' });
});
