import type { DatabaseSync } from 'node:sqlite';
import { type Micros, SECOND } from '../../lib/time.ts';
import { type Change, identifyChange } from '../../objects/change.ts';
import { ECHO_TAKES, isEchoOf, mayBeEcho } from '../../objects/echo-changes.ts';
import { mergeChanges } from '../../objects/merge-changes.ts';
import { createByteWriter } from './bytes.ts';
import type { ObjectFinder } from './find-object.ts';
import { hashText } from './hash-text.ts';
import type { NameWriter } from './intern-names.ts';
import { packChange, unpackChange } from './pack-change.ts';
import { arrays, type NameReader } from './read-names.ts';
import type { Written } from './write-state.ts';

export interface WrittenChange {
  readonly outcome: Written;
  /** How many known changes went because this one tells all that they do. */
  readonly removed: number;
}

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
  const near = arrays(db, 'SELECT id, at, body FROM object_changes WHERE object = ? AND at >= ? AND at <= ?');
  const remove = db.prepare('DELETE FROM object_changes WHERE id = ?');
  const update = db.prepare('UPDATE object_changes SET at = ?, body = ? WHERE id = ?');

  function findKnown(object: number, key: number, identity: string) {
    for (const [id, at, body] of select.all(object, key) as unknown as Row[]) {
      const change = unpackChange(body, at, reader.object(object), reader);
      if (identifyChange(change) === identity) return { id, at, body, change };
    }
    return undefined;
  }

  /** Those changes of an object that may have to do with each other: one told by another. */
  function selectNear(
    object: number,
    from: Micros,
    to: Micros,
  ): { readonly id: number; readonly change: Change }[] {
    const rows = near.all(object, Math.floor(from / SECOND), Math.floor(to / SECOND)) as unknown as Row[];
    return rows.map(([id, at, body]) => ({
      id,
      change: unpackChange(body, at, reader.object(object), reader),
    }));
  }
  function isEcho(object: number, change: Change): boolean {
    const others = selectNear(object, change.at - ECHO_TAKES, change.at);
    return others.some((other) => isEchoOf(change, other.change));
  }
  /** Removes what only echoes a change; how many that were. */
  function removeEchoes(object: number, change: Change): number {
    const others = selectNear(object, change.at, change.at + ECHO_TAKES);
    const echoes = others.filter((other) => mayBeEcho(other.change) && isEchoOf(other.change, change));
    for (const { id } of echoes) remove.run(id);
    return echoes.length;
  }

  function write(cluster: number, change: Change): WrittenChange {
    const { id: object } = finder.find(cluster, change.object);
    if (mayBeEcho(change)) {
      if (isEcho(object, change)) return { outcome: 'unchanged', removed: 0 };
      return { outcome: writeOne(cluster, object, change), removed: 0 };
    }
    const outcome = writeOne(cluster, object, change);
    const mayRemove = change.type === 'spec-changed' && outcome !== 'unchanged';
    return { outcome, removed: mayRemove ? removeEchoes(object, change) : 0 };
  }

  function writeOne(cluster: number, object: number, change: Change): Written {
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
  }

  return write;
}
