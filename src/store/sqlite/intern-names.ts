import type { DatabaseSync } from 'node:sqlite';
import type { ClusterInfo } from '../../events/query.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { hashText } from './hash-text.ts';
import { arrays, EMPTY, packUid, unpackUid } from './read-names.ts';

/** An object of a given name, as far as finding its Events needs. */
export interface NamedObject {
  readonly id: number;
  readonly kind: number;
  readonly space: number;
  readonly uid: string;
  /** The keys of its Events, when all of them are known: those of an object that was stored by this run. */
  readonly keys: Set<number> | undefined;
}

/** Stores each name once and gives its id. Caches what was used lately; `clear` after a rollback, as ids of it are void. */
export interface NameWriter {
  cluster(cluster: ClusterInfo): number;
  string(text: string): number;
  kind(apiVersion: string, kind: string): number;
  /** The stored objects of that name in a cluster, in any namespace. */
  objectsNamed(cluster: number, name: string): NamedObject[];
  object(cluster: number, kind: number, space: number, name: string, uid: string): NamedObject;
  saying(saying: Saying): number;
  clear(): void;
}

export interface Saying {
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly component: string;
  readonly controller: string;
  readonly wording: string;
}

export function createNameWriter(db: DatabaseSync): NameWriter {
  const string = createStringWriter(db);
  const kind = createKindWriter(db);
  const objects = createObjectWriter(db);
  const saying = createSayingWriter(db);
  return {
    cluster: createClusterWriter(db),
    string: string.write,
    kind: kind.write,
    objectsNamed: objects.named,
    object: objects.write,
    saying: saying.write,
    clear() {
      for (const part of [string, kind, objects, saying]) part.clear();
    },
  };
}

function createClusterWriter(db: DatabaseSync) {
  const write = arrays(
    db,
    `INSERT INTO clusters (uid, name, version) VALUES (?, ?, ?)
     ON CONFLICT (uid) DO UPDATE SET
       name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END,
       version = CASE WHEN excluded.version = '' THEN version ELSE excluded.version END
     RETURNING id`,
  );
  return (cluster: ClusterInfo) =>
    (write.get(cluster.uid, cluster.name, cluster.version) as unknown as [number])[0];
}

function createStringWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, number>(20_000);
  const find = arrays(db, 'SELECT id FROM strings WHERE hash = ? AND text = ?');
  const insert = db.prepare('INSERT INTO strings (hash, text) VALUES (?, ?)');
  return {
    write(text: string): number {
      if (text === '') return EMPTY;
      const known = cache.get(text);
      if (known !== undefined) return known;
      const hash = hashText(text);
      const found = find.get(hash, text) as unknown as [number] | undefined;
      const id = found?.[0] ?? Number(insert.run(hash, text).lastInsertRowid);
      cache.set(text, id);
      return id;
    },
    clear: cache.clear,
  };
}

function createKindWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, number>(1_000);
  const find = arrays(db, 'SELECT id FROM kinds WHERE kind = ? AND api_version = ?');
  const insert = db.prepare('INSERT INTO kinds (kind, api_version) VALUES (?, ?)');
  return {
    write(apiVersion: string, kind: string): number {
      const key = keyOf(apiVersion, kind);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const found = find.get(kind, apiVersion) as unknown as [number] | undefined;
      const id = found?.[0] ?? Number(insert.run(kind, apiVersion).lastInsertRowid);
      cache.set(key, id);
      return id;
    },
    clear: cache.clear,
  };
}

function createObjectWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, NamedObject[]>(30_000);
  const find = arrays(
    db,
    'SELECT id, kind, space, uid FROM objects WHERE hash = ? AND name = ? AND cluster = ?',
  );
  const insert = db.prepare(
    'INSERT INTO objects (hash, cluster, kind, space, name, uid) VALUES (?, ?, ?, ?, ?, ?)',
  );
  function named(cluster: number, name: string): NamedObject[] {
    const key = `${cluster}\n${name}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    type Row = [number, number, number, Uint8Array | string | null];
    const rows = find.all(hashText(name), name, cluster) as unknown as Row[];
    const objects = rows.map(([id, kind, space, uid]) => ({
      id,
      kind,
      space,
      uid: unpackUid(uid),
      keys: undefined,
    }));
    cache.set(key, objects);
    return objects;
  }
  return {
    named,
    write(cluster: number, kind: number, space: number, name: string, uid: string): NamedObject {
      const objects = named(cluster, name);
      for (const object of objects)
        if (object.kind === kind && object.space === space && object.uid === uid) return object;
      const { lastInsertRowid } = insert.run(hashText(name), cluster, kind, space, name, packUid(uid));
      const object = { id: Number(lastInsertRowid), kind, space, uid, keys: new Set<number>() };
      objects.push(object);
      return object;
    },
    clear: cache.clear,
  };
}

function createSayingWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, number>(20_000);
  const find = arrays(
    db,
    `SELECT id FROM sayings WHERE hash = ? AND wording = ? AND reason = ? AND component = ? AND type = ?
     AND action = ? AND controller = ?`,
  );
  const insert = db.prepare(
    'INSERT INTO sayings (hash, wording, reason, component, type, action, controller) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    write(saying: Saying): number {
      const { type, reason, action, component, controller, wording } = saying;
      const key = keyOf(reason, component, type, action, controller, wording);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const values = [hashText(wording), wording, reason, component, type, action, controller] as const;
      const found = find.get(...values) as unknown as [number] | undefined;
      const id = found?.[0] ?? Number(insert.run(...values).lastInsertRowid);
      cache.set(key, id);
      return id;
    },
    clear: cache.clear,
  };
}

/** One text for several, unlike that of any others: any of them may hold anything. */
function keyOf(first: string, ...rest: readonly string[]): string {
  let key = first;
  for (const text of rest) key += `\n${text.length}\n${text}`;
  return key;
}
