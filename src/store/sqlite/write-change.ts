import type { DatabaseSync } from 'node:sqlite';
import { SECOND } from '../../lib/time.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { mergeChanges } from '../../objects/merge-changes.ts';
import { createByteWriter } from './bytes.ts';
import type { ObjectFinder } from './find-object.ts';
import { hashText } from './hash-text.ts';
import type { NameWriter } from './intern-names.ts';
import { packChange, unpackChange } from './pack-change.ts';
import { arrays, type NameReader } from './read-names.ts';
import type { Written } from './write-state.ts';

type Row = [id: number, at: number, body: Uint8Array];

/** Makes the function that records what happened to an object, within the transaction that is open. */
export function createObjectChangeWriter(
  db: DatabaseSync,
  reader: NameReader,
  names: NameWriter,
  finder: ObjectFinder,
) {
  const bytes = createByteWriter();
  const select = arrays(db, 'SELECT id, at, body FROM object_changes WHERE object = ? AND key = ?');
  const insert = db.prepare('INSERT INTO object_changes (object, key, at, body) VALUES (?, ?, ?, ?)');
  const update = db.prepare('UPDATE object_changes SET at = ?, body = ? WHERE id = ?');

  function findKnown(object: number, key: number, identity: string) {
    for (const [id, at, body] of select.all(object, key) as unknown as Row[]) {
      const change = unpackChange(body, at, reader.object(object), reader);
      if (identifyChange(change) === identity) return { id, at, body, change };
    }
    return undefined;
  }

  return function writeChange(cluster: number, change: Change): Written {
    const { id: object } = finder.find(cluster, change.object);
    const identity = identifyChange(change);
    const key = hashText(identity);
    const known = findKnown(object, key, identity);
    const merged = known === undefined ? change : mergeChanges(known.change, change);
    const at = Math.floor(merged.at / SECOND);
    bytes.clear();
    packChange(bytes, names, merged, finder.find(cluster, merged.object).kind);
    const body = bytes.view();
    if (known === undefined) {
      insert.run(object, key, at, body);
      return 'added';
    }
    if (known.at === at && Buffer.compare(known.body, body) === 0) return 'unchanged';
    update.run(at, body, known.id);
    return 'changed';
  };
}
