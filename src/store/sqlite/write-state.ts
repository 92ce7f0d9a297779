import type { DatabaseSync } from 'node:sqlite';
import { SECOND } from '../../lib/time.ts';
import { mergeObjects } from '../../objects/merge-objects.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { createByteWriter } from './bytes.ts';
import type { ObjectFinder } from './find-object.ts';
import type { NameWriter } from './intern-names.ts';
import { packState, unpackState } from './pack-state.ts';
import { arrays, type NameReader } from './read-names.ts';

export type Written = 'added' | 'changed' | 'unchanged';

/** Makes the function that records a state of an object, within the transaction that is open. */
export function createStateWriter(
  db: DatabaseSync,
  reader: NameReader,
  names: NameWriter,
  finder: ObjectFinder,
) {
  const bytes = createByteWriter();
  const select = arrays(db, 'SELECT body FROM object_states WHERE object = ?');
  const insert = db.prepare('INSERT INTO object_states (gone, body, object) VALUES (?, ?, ?)');
  const update = db.prepare('UPDATE object_states SET gone = ?, body = ? WHERE object = ?');

  return function writeState(cluster: number, state: KubernetesObject): Written {
    const { id } = finder.find(cluster, state);
    const row = select.get(id) as unknown as [Uint8Array] | undefined;
    const merged =
      row === undefined ? state : mergeObjects(unpackState(row[0], reader.object(id), reader), state);
    bytes.clear();
    packState(bytes, names, merged, finder.find(cluster, merged).kind);
    const body = bytes.view();
    if (row !== undefined && Buffer.compare(row[0], body) === 0) return 'unchanged';
    const { deletedAt } = merged;
    (row === undefined ? insert : update).run(
      deletedAt === undefined ? null : Math.floor(deletedAt / SECOND),
      body,
      id,
    );
    return row === undefined ? 'added' : 'changed';
  };
}
