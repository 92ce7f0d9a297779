import type { DatabaseSync } from 'node:sqlite';
import type { ClusterInfo } from '../../events/query.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { hashText } from './hash-text.ts';
import { arrays, EMPTY, packUid } from './read-names.ts';

/** Stores each name once and gives its id. Caches what was used lately; `clear` after a rollback, as ids of it are void. */
export interface NameWriter {
  cluster(cluster: ClusterInfo): number;
  string(text: string): number;
  kind(apiVersion: string, kind: string): number;
  object(cluster: number, kind: number, space: number, name: string, uid: string): number;
  saying(saying: Saying): number;
  /** Notes from now on the id of each string that it is asked for; undefined: not any more. */
  noteStrings(noted: Set<number> | undefined): void;
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

/** Of things that share a name, how many are cached. */
const NAMESAKES_CACHED = 30;

export function createNameWriter(db: DatabaseSync): NameWriter {
  const string = createStringWriter(db);
  const kind = createKindWriter(db);
  const objects = createObjectWriter(db);
  const saying = createSayingWriter(db);
  return {
    cluster: createClusterWriter(db),
    string: string.write,
    kind: kind.write,
    object: objects.write,
    saying: saying.write,
    noteStrings: string.note,
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
  let noted: Set<number> | undefined;

  function findOrAdd(text: string): number {
    const hash = hashText(text);
    const found = find.get(hash, text) as unknown as [number] | undefined;
    const id = found?.[0] ?? Number(insert.run(hash, text).lastInsertRowid);
    cache.set(text, id);
    return id;
  }

  return {
    write(text: string): number {
      if (text === '') return EMPTY;
      const id = cache.get(text) ?? findOrAdd(text);
      noted?.add(id);
      return id;
    },
    note(into: Set<number> | undefined): void {
      noted = into;
    },
    clear: cache.clear,
  };
}

function createKindWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, { readonly apiVersion: string; readonly id: number }[]>(1_000);
  const find = arrays(db, 'SELECT id FROM kinds WHERE kind = ? AND api_version = ?');
  const insert = db.prepare('INSERT INTO kinds (kind, api_version) VALUES (?, ?)');
  return {
    write(apiVersion: string, kind: string): number {
      const versions = cache.get(kind) ?? [];
      for (const version of versions) if (version.apiVersion === apiVersion) return version.id;
      const found = find.get(kind, apiVersion) as unknown as [number] | undefined;
      const id = found?.[0] ?? Number(insert.run(kind, apiVersion).lastInsertRowid);
      cache.set(kind, [{ apiVersion, id }, ...versions.slice(0, NAMESAKES_CACHED)]);
      return id;
    },
    clear: cache.clear,
  };
}

interface KnownObject {
  readonly id: number;
  readonly cluster: number;
  readonly kind: number;
  readonly space: number;
  readonly uid: string;
}

function createObjectWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, KnownObject[]>(30_000);
  const find = arrays(
    db,
    'SELECT id FROM objects WHERE hash = ? AND name = ? AND cluster = ? AND kind = ? AND space = ? AND uid IS ?',
  );
  const insert = db.prepare(
    'INSERT INTO objects (hash, name, cluster, kind, space, uid) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    write(cluster: number, kind: number, space: number, name: string, uid: string): number {
      const namesakes = cache.get(name) ?? [];
      for (const known of namesakes)
        if (known.uid === uid && known.kind === kind && known.space === space && known.cluster === cluster)
          return known.id;
      const values = [hashText(name), name, cluster, kind, space, packUid(uid)] as const;
      const found = find.get(...values) as unknown as [number] | undefined;
      const id = found?.[0] ?? Number(insert.run(...values).lastInsertRowid);
      cache.set(name, [{ id, cluster, kind, space, uid }, ...namesakes.slice(0, NAMESAKES_CACHED)]);
      return id;
    },
    clear: cache.clear,
  };
}

function createSayingWriter(db: DatabaseSync) {
  const cache = createBoundedCache<string, (Saying & { readonly id: number })[]>(10_000);
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
      const alike = cache.get(wording) ?? [];
      for (const known of alike) if (isSame(known, saying)) return known.id;
      const values = [hashText(wording), wording, reason, component, type, action, controller] as const;
      const found = find.get(...values) as unknown as [number] | undefined;
      const id = found?.[0] ?? Number(insert.run(...values).lastInsertRowid);
      cache.set(wording, [{ ...saying, id }, ...alike.slice(0, NAMESAKES_CACHED)]);
      return id;
    },
    clear: cache.clear,
  };
}

function isSame(a: Saying, b: Saying): boolean {
  return (
    a.reason === b.reason &&
    a.component === b.component &&
    a.type === b.type &&
    a.action === b.action &&
    a.controller === b.controller
  );
}
