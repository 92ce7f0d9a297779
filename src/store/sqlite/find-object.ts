import type { DatabaseSync } from 'node:sqlite';
import type { ObjectId } from '../../objects/object.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { hashText } from './hash-text.ts';
import type { NameWriter } from './intern-names.ts';
import { arrays, packUid } from './read-names.ts';

/** The row of `objects` that what is known of an object hangs on. */
export interface FoundObject {
  readonly id: number;
  /** The id of the object's own kind where that is not the row's; else 0. */
  readonly kind: number;
}

export interface ObjectFinder {
  /** Adds the row when there is none. */
  find(cluster: number, object: ObjectId): FoundObject;
  clear(): void;
}

/**
 * Finds the one row that stands for an object, whichever apiVersion it is told with: its uid and kind are what count, or its names when it has
 * no uid.
 */
export function createObjectFinder(db: DatabaseSync, names: NameWriter): ObjectFinder {
  const cache = createBoundedCache<string, { readonly id: number; readonly kind: number }>(30_000);
  const select = arrays(
    db,
    `SELECT o.id, o.kind FROM objects o JOIN kinds k ON k.id = o.kind
     WHERE o.hash = ?1 AND o.name = ?2 AND o.cluster = ?3 AND o.space = ?4 AND o.uid IS ?5 AND k.kind = ?6
     ORDER BY o.id LIMIT 1`,
  );

  function findRow(cluster: number, { namespace, name, uid, kind }: ObjectId, kindId: number) {
    const space = names.string(namespace);
    const row = select.get(hashText(name), name, cluster, space, packUid(uid), kind) as unknown as
      | [number, number]
      | undefined;
    if (row !== undefined) return { id: row[0], kind: row[1] };
    return { id: names.object(cluster, kindId, space, name, uid), kind: kindId };
  }

  return {
    find(cluster, object) {
      const key = `${cluster}/${object.kind}/${object.namespace}/${object.name}/${object.uid}`;
      const kind = names.kind(object.apiVersion, object.kind);
      const known = cache.get(key);
      const row = known ?? findRow(cluster, object, kind);
      if (known === undefined) cache.set(key, row);
      return { id: row.id, kind: row.kind === kind ? 0 : kind };
    },
    clear: cache.clear,
  };
}
