import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from '../../src/events/event.ts';
import { HarkError } from '../../src/lib/errors.ts';
import { expectRecords } from '../../src/store/conformance.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { CLUSTER, makeBatches } from './batches.ts';
import { runWriter } from './run-writer.ts';

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hark-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function readAll(store: SqliteStore): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents({})) records.push(...page);
  return records;
}

async function fill(file: string, batches = 40): Promise<void> {
  const store = openSqliteStore({ file, mode: 'write' });
  for (const batch of makeBatches().take(batches)) await store.write(batch);
  await store.close();
}

function truth(batches: number): RecordedEvent[] {
  const sightings = makeBatches()
    .take(batches)
    .flatMap((batch) => batch.sightings);
  return expectRecords(sightings.toArray(), CLUSTER);
}

function assertRefused(work: () => unknown, code: string, text: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof HarkError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    assert.notEqual(error.hint, '');
    return true;
  });
}

test('openSqliteStore makes the folders above a new store, for their owner alone', async (t) => {
  const folder = makeFolder(t);
  await fill(join(folder, 'a/b/events.db'), 1);
  assert.ok(existsSync(join(folder, 'a/b/events.db')));
  assert.equal(statSync(join(folder, 'a')).mode & 0o077, 0);
});

test('openSqliteStore says where a store is missing, and makes none, when asked to read', (t) => {
  const file = join(makeFolder(t), 'events.db');
  assertRefused(() => openSqliteStore({ file, mode: 'read' }), 'store-missing', /no store at ".*events\.db"/);
  assert.ok(!existsSync(file));
});

test('openSqliteStore refuses a second writer by the name of the first, until that one ends, however it ends', async (t) => {
  const file = join(makeFolder(t), 'events.db');
  const writer = runWriter(t, file);
  await writer.afterBatches(3);
  const open = () => openSqliteStore({ file, mode: 'write', pid: process.pid });
  assertRefused(open, 'store-in-use', new RegExp(`Another Hark \\(pid ${writer.pid} on .*, since \\d{4}-`));
  const reader = openSqliteStore({ file, mode: 'read' });
  assert.ok((await readAll(reader)).length > 0);
  await reader.close();
  const committed = await writer.kill();
  const store = open();
  assert.ok((await store.readSize()).events >= truth(committed).length);
  assertRefused(open, 'store-in-use', new RegExp(`pid ${process.pid}`));
  await store.close();
  await open().close();
});

test('openSqliteStore finds the writer of a store by any name of its file', async (t) => {
  const folder = makeFolder(t);
  const [file, link] = [join(folder, 'events.db'), join(folder, 'link.db')];
  const store = openSqliteStore({ file, mode: 'write' });
  symlinkSync(file, link);
  assertRefused(() => openSqliteStore({ file: link, mode: 'write' }), 'store-in-use', /link\.db/);
  // It was not told its own number.
  assertRefused(
    () => openSqliteStore({ file, mode: 'write' }),
    'store-in-use',
    /^Another Hark \([^ )]+\) writes/,
  );
  await store.close();
});

test('follow tells everything anew to one who fell behind further than the changes are kept', async (t) => {
  const file = join(makeFolder(t), 'events.db');
  const store = openSqliteStore({ file, mode: 'write', changesKept: 20 });
  const reader = openSqliteStore({ file, mode: 'read', followEveryMs: 1 });
  const batches = makeBatches().take(30).toArray();
  for (const batch of batches.slice(0, 10)) await store.write(batch);
  const stop = new AbortController();
  const told = reader.follow({}, stop.signal);
  for (const batch of batches.slice(10)) await store.write(batch);
  const records: RecordedEvent[] = [];
  for await (const page of told) {
    records.push(...page);
    if (records.length >= truth(30).length) stop.abort();
  }
  assert.deepEqual(records, truth(30));
  await reader.close();
  await store.close();
});

test('follow misses nothing and repeats nothing of what another process commits', async (t) => {
  const file = join(makeFolder(t), 'events.db');
  await fill(file, 1);
  const reader = openSqliteStore({ file, mode: 'read', followEveryMs: 5 });
  const stop = new AbortController();
  const told = reader.follow({}, stop.signal);
  const writer = runWriter(t, file, 1);
  const known = new Map<string, RecordedEvent>(truth(1).map((record) => [record.event.name, record]));
  let last = 0;
  for await (const page of told) {
    for (const record of page) {
      assert.notDeepEqual(known.get(record.event.name), record);
      known.set(record.event.name, record);
    }
    if (known.size > 300 && last === 0) last = await writer.kill();
    if (last > 0 && known.size >= (await reader.readSize()).events) stop.abort();
  }
  const all = await readAll(reader);
  assert.deepEqual(
    [...known.values()].map(({ event, points }) => [event.name, event.resourceVersion, points.length]).sort(),
    all.map(({ event, points }) => [event.name, event.resourceVersion, points.length]).sort(),
  );
  await reader.close();
});

test('readEvents reads whole Events while another process removes them and their names', async (t) => {
  const file = join(makeFolder(t), 'events.db');
  const writer = runWriter(t, file, 0, 'forget');
  await writer.afterBatches(1);
  const reader = openSqliteStore({ file, mode: 'read' });
  let seen = 0;
  for (let reads = 0; reads < 300 || seen === 0; reads++) {
    seen += (await readAll(reader)).filter(({ event }) => event.involvedObject.kind !== '').length;
    await nextTurn();
  }
  await writer.kill();
  await reader.close();
});

test('openSqliteStore refuses what is not a Hark store and leaves it as it is', (t) => {
  const folder = makeFolder(t);
  const others: [string, (file: string) => void, RegExp][] = [
    ['notes.txt', (file) => writeFileSync(file, 'not a database at all, '.repeat(20)), /is no SQLite file/],
    ['short', (file) => writeFileSync(file, 'SQLite format 3\0'), /ends in the middle/],
    ['other.db', (file) => new DatabaseSync(file).exec('CREATE TABLE t (a)'), /of another program/],
    ['folder', (file) => mkdirSync(file), /is a folder/],
  ];
  for (const [name, make, text] of others) {
    const file = join(folder, name);
    make(file);
    const bytes = name === 'folder' ? undefined : readFileSync(file);
    assertRefused(() => openSqliteStore({ file, mode: 'write' }), 'store-foreign', text);
    assertRefused(() => openSqliteStore({ file, mode: 'read' }), 'store-foreign', text);
    if (bytes !== undefined) assert.deepEqual(readFileSync(file), bytes);
  }
});

test('openSqliteStore refuses a database of which all but the beginning is still in its log', (t) => {
  const file = join(makeFolder(t), 'other.db');
  const other = new DatabaseSync(file);
  other.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
  assertRefused(() => openSqliteStore({ file, mode: 'write' }), 'store-foreign', /of another program/);
  assert.equal(other.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables, 1);
  other.close();
});

test('openSqliteStore takes an empty file for a new store', async (t) => {
  const file = join(makeFolder(t), 'events.db');
  writeFileSync(file, '');
  await fill(file, 2);
  const store = openSqliteStore({ file, mode: 'read' });
  assert.deepEqual(await readAll(store), truth(2));
  await store.close();
});

test('openSqliteStore refuses a store of a newer Hark in words and leaves it as it is', async (t) => {
  const file = join(makeFolder(t), 'events.db');
  await fill(file, 1);
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 7');
  db.close();
  const bytes = readFileSync(file);
  for (const mode of ['read', 'write'] as const)
    assertRefused(
      () => openSqliteStore({ file, mode }),
      'store-newer',
      /written by a newer Hark \(format 7, this one knows \d+\); it was left as it is/,
    );
  assert.deepEqual(readFileSync(file), bytes);
});

test('a damaged store gives what can be read or says that it is damaged, wherever it is damaged', async (t) => {
  const folder = makeFolder(t);
  const whole = join(folder, 'whole.db');
  await fill(whole, 40);
  const bytes = readFileSync(whole);
  const file = join(folder, 'damaged.db');
  const codes: Record<string, number> = {};
  for (let at = 30; at < bytes.length; at += 7_919) {
    const damaged = Buffer.from(bytes);
    damaged.fill(0xa5, at, at + 16);
    writeFileSync(file, damaged);
    const code = await tryStore(file);
    codes[code] = (codes[code] ?? 0) + 1;
  }
  for (const size of [120, 5_000, 8_192, Math.floor(bytes.length / 2)]) {
    writeFileSync(file, bytes);
    truncateSync(file, size);
    assert.match(await tryStore(file), /^store-(corrupt|foreign)$/, `cut to ${size} bytes`);
  }
  assert.deepEqual(
    Object.keys(codes).filter((code) => !/^(readable|store-corrupt|store-foreign|store-newer)$/.test(code)),
    [],
  );
  assert.ok((codes['store-corrupt'] ?? 0) > 0);
});

/** Reads, writes and searches; how that ended. */
async function tryStore(file: string): Promise<string> {
  for (const mode of ['read', 'write'] as const) {
    let store: SqliteStore | undefined;
    try {
      store = openSqliteStore({ file, mode });
      await readAll(store);
      for await (const _ of store.readEvents({ text: 'image', namespaces: ['bad-image'] }));
      await store.readGaps({});
      for await (const _ of store.readObjects({}));
      for await (const _ of store.readChanges({}));
      if (mode === 'write') for (const batch of makeBatches().take(45)) await store.write(batch);
    } catch (error) {
      if (error instanceof HarkError) return error.code;
      throw error;
    } finally {
      await store?.close();
    }
  }
  return 'readable';
}

test('a store on a full disk keeps what it has, refuses more in words, and goes on when there is room again', (t) => {
  const script = fileURLToPath(new URL('fill-disk.ts', import.meta.url));
  const folder = makeFolder(t);
  const mount = `mount -t tmpfs -o size=2500k none ${folder} && exec "$0" --no-warnings "$@"`;
  const place = ['unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mount]] as const;
  const probe = spawnSync(place[0], [...place[1], process.execPath, '-e', '0']);
  if (probe.status !== 0) return t.skip('needs unshare(1) with user namespaces, to have a small disk');
  const { stdout, stderr, status } = spawnSync(place[0], [...place[1], process.execPath, script, folder], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.match(stdout, /^begun\nfull after \d+ batches\nkept\nwent on\n$/);
});

test('openSqliteStore reads a store in a folder that may not be written to, and refuses to write there', async (t) => {
  const folder = makeFolder(t);
  const file = join(folder, 'events.db');
  await fill(file, 3);
  rmSync(`${file}.writer`);
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  const script = fileURLToPath(new URL('try-read-only.ts', import.meta.url));
  const isRoot = process.getuid?.() === 0;
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', script, file], {
    encoding: 'utf8',
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
  chmodSync(folder, 0o755);
  assert.equal(stderr, '');
  assert.equal(stdout, `${truth(3).length} Events\nstore-read-only\n`);
});
