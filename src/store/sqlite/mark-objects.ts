import type { DatabaseSync } from 'node:sqlite';
import { unpackChange } from './pack-change.ts';
import { unpackState } from './pack-state.ts';
import { arrays, type NameReader } from './read-names.ts';

const ROWS_AT_ONCE = 1_000;

/**
 * Reads all that is known of objects and their changes with a reader that notes the names it is asked for; pauses after each thousand.
 *
 * @param note called with the id of each object's namespace too
 */
export function* markObjects(
  db: DatabaseSync,
  names: NameReader,
  note: (string: number) => void,
): Generator<void> {
  const spaces = arrays(db, 'SELECT space FROM objects WHERE id = ?');
  function markSpace(object: number): void {
    const row = spaces.get(object) as unknown as [number] | undefined;
    if (row !== undefined) note(row[0]);
  }
  for (const rows of readInSteps(db, 'SELECT object, body FROM object_states', 'object')) {
    for (const [object, body] of rows) {
      unpackState(body as Uint8Array, names.object(object), names);
      markSpace(object);
    }
    yield;
  }
  for (const rows of readInSteps(db, 'SELECT id, object, at, body FROM object_changes', 'id')) {
    for (const [, object, at, body] of rows) {
      unpackChange(body as Uint8Array, Number(at), names.object(Number(object)), names);
      markSpace(Number(object));
    }
    yield;
  }
}

type Row = [id: number, ...values: (number | Uint8Array)[]];

function* readInSteps(db: DatabaseSync, select: string, id: string): Generator<Row[]> {
  const some = arrays(db, `${select} WHERE ${id} > ? ORDER BY ${id} LIMIT ${ROWS_AT_ONCE}`);
  for (let last = 0; ; ) {
    const rows = some.all(last) as unknown as Row[];
    const end = rows.at(-1)?.[0];
    if (end === undefined) return;
    last = end;
    yield rows;
  }
}
