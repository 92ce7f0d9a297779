import type { DatabaseSync } from 'node:sqlite';
import { SECOND } from '../../lib/time.ts';
import { groupOf, type ObjectList } from '../../objects/object-list.ts';
import { createByteWriter } from './bytes.ts';
import type { NameWriter } from './intern-names.ts';
import { packState, unpackState } from './pack-state.ts';
import { arrays, type NameReader } from './read-names.ts';

type Row = [object: number, kind: number, body: Uint8Array];

/** Makes the function that takes a whole list in, within the transaction that is open: how many objects it tells to be gone. */
export function createObjectListWriter(db: DatabaseSync, reader: NameReader, names: NameWriter) {
  const bytes = createByteWriter();
  const select = arrays(
    db,
    `SELECT s.object, o.kind, s.body FROM object_states s JOIN objects o ON o.id = s.object
     WHERE s.gone IS NULL AND o.cluster = ?1 AND (?2 = 0 OR o.space = ?2)
     AND o.kind IN (SELECT id FROM kinds WHERE kind = ?3)`,
  );
  const update = db.prepare('UPDATE object_states SET gone = ?, body = ? WHERE object = ?');

  return function writeObjectList(cluster: number, list: ObjectList): number {
    const { kind, apiVersion, namespace, at } = list;
    const uids = new Set(list.uids);
    const group = groupOf(apiVersion);
    let gone = 0;
    for (const [id, rowKind, body] of select.all(
      cluster,
      names.string(namespace),
      kind,
    ) as unknown as Row[]) {
      const state = unpackState(body, reader.object(id), reader);
      if (state.uid === '' || uids.has(state.uid) || state.seenAt >= at) continue;
      if (groupOf(state.apiVersion) !== group) continue;
      const own = names.kind(state.apiVersion, state.kind);
      bytes.clear();
      packState(bytes, names, { ...state, deletedAt: at }, own === rowKind ? 0 : own);
      update.run(Math.floor(at / SECOND), bytes.view(), id);
      gone++;
    }
    return gone;
  };
}
