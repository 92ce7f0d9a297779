import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MicrosLength } from '../src/lib/time.ts';
import { HOUR } from '../src/lib/time.ts';
import { type Change, identifyChange } from '../src/objects/change.ts';
import type { KubernetesObject, ObjectId } from '../src/objects/object.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { readObjects } from '../test/read-objects.ts';
import { listScenarios } from '../test/read-recording.ts';
import { type BenchResult, formatRate, formatRatio } from './result.ts';

const COPIES = 60;
const BATCH = 2_000;
const CLUSTER = { uid: 'bench', name: 'bench', version: 'v1.36.2' };

interface Contender {
  write(objects: readonly KubernetesObject[], changes: readonly Change[]): void;
  close(): Promise<void>;
}

function openHark(file: string): Contender {
  const store = openSqliteStore({ file, mode: 'write' });
  return {
    write: (objects, changes) =>
      void store.writeBatchSync({ cluster: CLUSTER, sightings: [], objects, changes }),
    close: () => store.close(),
  };
}

/** What one would write first: each as JSON, beside it what is asked for, with an index for each question. */
function openNaive(file: string): Contender {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
    CREATE TABLE objects (uid TEXT PRIMARY KEY, name TEXT, gone INTEGER, json TEXT);
    CREATE INDEX by_name ON objects (name);
    CREATE INDEX by_end ON objects (gone);
    CREATE TABLE changes (id INTEGER PRIMARY KEY, identity TEXT UNIQUE, object TEXT, at INTEGER, json TEXT);
    CREATE INDEX by_object ON changes (object);
    CREATE INDEX by_time ON changes (at);
  `);
  const writeObject = db.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)');
  const writeChange = db.prepare(
    'INSERT OR REPLACE INTO changes (identity, object, at, json) VALUES (?, ?, ?, ?)',
  );
  return {
    write(objects, changes) {
      db.exec('BEGIN');
      for (const object of objects)
        writeObject.run(object.uid, object.name, object.deletedAt ?? null, JSON.stringify(object));
      for (const change of changes)
        writeChange.run(identifyChange(change), change.object.uid, change.at, JSON.stringify(change));
      db.exec('COMMIT');
    },
    close: async () => db.close(),
  };
}

/** The objects and changes of all recordings, again and again: each copy has names, uids and hours of its own. */
function makeCopies(): { readonly objects: KubernetesObject[]; readonly changes: Change[] } {
  const recorded = listScenarios().map((scenario) => readObjects(`${scenario}/objects.jsonl`, CLUSTER.uid));
  const objects: KubernetesObject[] = [];
  const changes: Change[] = [];
  for (let copy = 0; copy < COPIES; copy++)
    for (const told of recorded) {
      objects.push(...told.objects.map((object) => copyObject(object, copy)));
      changes.push(...told.changes.map((change) => copyChange(change, copy)));
    }
  return { objects, changes: changes.sort((a, b) => a.at - b.at) };
}

function copyId(id: ObjectId, copy: number): Pick<ObjectId, 'name' | 'uid'> {
  return { name: copyName(id.name, copy), uid: copyUid(id.uid, copy) };
}

/** What was random in a name stays as long as it was. */
function copyName(name: string, copy: number): string {
  return /-[a-z0-9]{5}$/.test(name)
    ? `${name.slice(0, -3)}${(copy + 1000).toString(36).padStart(3, 'x')}`
    : `${name}${copy}`;
}

function copyUid(uid: string, copy: number): string {
  return uid === '' ? '' : uid.slice(0, -3) + copy.toString(16).padStart(3, '0');
}

function copyObject(object: KubernetesObject, copy: number): KubernetesObject {
  const later = copy * HOUR;
  const move = (time: number | undefined) => (time === undefined ? undefined : time + later);
  return {
    ...object,
    ...copyId(object, copy),
    owners: object.owners.map((owner) => ({ ...owner, uid: copyUid(owner.uid, copy) })),
    createdAt: move(object.createdAt),
    deletedAt: move(object.deletedAt),
    seenAt: object.seenAt + later,
  };
}

function copyChange(change: Change, copy: number): Change {
  const later: MicrosLength = copy * HOUR;
  const object = { ...change.object, ...copyId(change.object, copy) };
  const version = change.resourceVersion;
  const resourceVersion = version === '' ? '' : String(Number(version) + copy * 20_000);
  const moved = { ...change, object, at: change.at + later, resourceVersion };
  if (moved.type === 'container-terminated' && moved.startedAt !== undefined)
    return { ...moved, startedAt: moved.startedAt + later };
  if (moved.type === 'container-waiting' && moved.after !== undefined)
    return { ...moved, after: moved.after + later };
  return moved;
}

interface Measured {
  readonly perChange: number;
  readonly objectBytes: number;
  readonly changeBytes: number;
}

async function measure(
  open: (file: string) => Contender,
  { objects, changes }: ReturnType<typeof makeCopies>,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  const file = join(folder, 'bench.db');
  try {
    const contender = open(file);
    for (let at = 0; at < objects.length; at += BATCH) contender.write(objects.slice(at, at + BATCH), []);
    const before = readBytes(file);
    const start = performance.now();
    for (let at = 0; at < changes.length; at += BATCH) contender.write([], changes.slice(at, at + BATCH));
    const spent = performance.now() - start;
    const after = readBytes(file);
    await contender.close();
    return {
      perChange: (spent * 1000) / changes.length,
      objectBytes: before / objects.length,
      changeBytes: (after - before) / changes.length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bytes of all pages in use. */
function readBytes(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare('SELECT sum(pgsize) AS bytes FROM dbstat').get();
  db.close();
  return Number(row?.bytes);
}

/** What objects and their changes cost beside tables of JSON with the same indexes, in room and in time. */
export async function benchStoreObjects(): Promise<BenchResult[]> {
  const copies = makeCopies();
  const [hark, naive] = [await measure(openHark, copies), await measure(openNaive, copies)];
  const [objects, changes] = [copies.objects, copies.changes].map((all) =>
    all.length.toLocaleString('en-US'),
  );
  return [
    {
      what: `changes of objects to committed rows (${changes} of ${objects} objects)`,
      hark: formatRate(1e6 / hark.perChange),
      compared: `tables of JSON with the same indexes: ${formatRate(1e6 / naive.perChange)}`,
      ratio: formatRatio(naive.perChange / hark.perChange),
      target: '',
    },
    compareBytes('on disk per object, all indexes', hark.objectBytes, naive.objectBytes),
    compareBytes('on disk per change of an object, all indexes', hark.changeBytes, naive.changeBytes),
  ];
}

function compareBytes(what: string, hark: number, naive: number): BenchResult {
  return {
    what,
    hark: `${hark.toFixed(1)} bytes`,
    compared: `the same table: ${naive.toFixed(1)} bytes`,
    ratio: formatRatio(hark / naive),
    target: '',
  };
}
