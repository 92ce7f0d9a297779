import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createBoundedCache } from './bounded-cache.ts';
import { createByteReader, isUuid } from './bytes.ts';
import { type CutWording, cutWording } from './wording.ts';

/** An object as stored, its names looked up. */
export interface StoredObject {
  readonly cluster: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What an Event says, but for what varies from one to the next. */
export interface StoredSaying {
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly component: string;
  readonly controller: string;
  readonly wording: CutWording;
}

/** Gives back what was interned, by id; keeps what was asked lately. Ids that are not there mean a damaged file. */
export interface NameReader {
  string(id: number): string;
  object(id: number): StoredObject;
  /** Its apiVersion and kind. */
  kind(id: number): readonly [apiVersion: string, kind: string];
  saying(id: number): StoredSaying;
  /** Forgets everything: after retention, ids may mean something else. */
  clear(): void;
}

/** The id of the empty string, which is not stored. */
export const EMPTY = 0;

export function createNameReader(db: DatabaseSync): NameReader {
  const strings = createBoundedCache<number, string>(20_000);
  const objects = createBoundedCache<number, StoredObject>(20_000);
  const sayings = createBoundedCache<number, StoredSaying>(10_000);
  const selectString = arrays(db, 'SELECT text FROM strings WHERE id = ?');
  const selectObject = arrays(db, 'SELECT cluster, kind, space, name, uid FROM objects WHERE id = ?');
  const selectKind = arrays(db, 'SELECT api_version, kind FROM kinds WHERE id = ?');
  const selectCluster = arrays(db, 'SELECT uid FROM clusters WHERE id = ?');
  const kinds = createBoundedCache<number, [string, string]>(1_000);
  const clusters = createBoundedCache<number, string>(1_000);
  const selectSaying = arrays(
    db,
    'SELECT type, reason, action, component, controller, wording FROM sayings WHERE id = ?',
  );

  function string(id: number): string {
    if (id === EMPTY) return '';
    return strings.get(id) ?? keep(strings, id, row<[string]>(selectString, id, 'string')[0]);
  }
  function kind(id: number): [string, string] {
    return kinds.get(id) ?? keep(kinds, id, row<[string, string]>(selectKind, id, 'kind'));
  }
  function cluster(id: number): string {
    return clusters.get(id) ?? keep(clusters, id, row<[string]>(selectCluster, id, 'cluster')[0]);
  }
  function readObject(id: number): StoredObject {
    type Row = [number, number, number, string, Uint8Array | string | null];
    const [clusterId, kindId, space, name, uid] = row<Row>(selectObject, id, 'object');
    const [apiVersion, kindName] = kind(kindId);
    return {
      cluster: cluster(clusterId),
      apiVersion,
      kind: kindName,
      namespace: string(space),
      name,
      uid: unpackUid(uid),
    };
  }
  function readSaying(id: number): StoredSaying {
    type Row = [string, string, string, string, string, string];
    const [type, reason, action, component, controller, wording] = row<Row>(selectSaying, id, 'saying');
    return { type, reason, action, component, controller, wording: cutWording(wording) };
  }

  return {
    string,
    kind,
    object: (id) => objects.get(id) ?? keep(objects, id, readObject(id)),
    saying: (id) => sayings.get(id) ?? keep(sayings, id, readSaying(id)),
    clear() {
      strings.clear();
      kinds.clear();
      clusters.clear();
      objects.clear();
      sayings.clear();
    },
  };
}

function keep<V>(cache: { set(key: number, value: V): void }, id: number, value: V): V {
  cache.set(id, value);
  return value;
}

function row<T>(statement: StatementSync, id: number, what: string): T {
  const found = statement.get(id);
  if (found === undefined) throw new RangeError(`packed row names ${what} ${id}, which is not there`);
  return found as unknown as T;
}

/** A prepared statement whose rows are arrays, which are cheaper than objects. */
export function arrays(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** A UUID takes 16 bytes, anything else its text, the empty string nothing. */
export function packUid(uid: string): Uint8Array | string | null {
  if (uid === '') return null;
  return isUuid(uid) ? Buffer.from(uid.replaceAll('-', ''), 'hex') : uid;
}

export function unpackUid(stored: Uint8Array | string | null): string {
  if (stored === null) return '';
  if (typeof stored === 'string') return stored;
  return createByteReader(stored).uuid();
}
