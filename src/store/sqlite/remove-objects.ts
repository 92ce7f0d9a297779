import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './in-transaction.ts';
import { arrays } from './read-names.ts';

type Row = [id: number, object: number];

/** Makes the function that removes the oldest changes of objects before some second, at most `limit`, in one transaction; gives how many. */
export function createObjectChangeRemover(db: DatabaseSync): (before: number, limit: number) => number {
  return createRemover(
    db,
    'SELECT id, object FROM object_changes WHERE at < ? ORDER BY at LIMIT ?',
    'DELETE FROM object_changes WHERE id = ?',
    'UPDATE totals SET changes = changes - ?1, removed = removed + ?1',
  );
}

/** The same for objects gone before some second, those gone first, with what they were last. */
export function createStateRemover(db: DatabaseSync): (before: number, limit: number) => number {
  return createRemover(
    db,
    'SELECT object, object FROM object_states WHERE gone < ? ORDER BY gone LIMIT ?',
    'DELETE FROM object_states WHERE object = ?',
    'UPDATE totals SET objects = objects - ?1, removed = removed + ?1',
    createLastStateRemover(db),
  );
}

function createLastStateRemover(db: DatabaseSync): (objects: readonly number[]) => void {
  const select = arrays(db, 'SELECT model FROM last_states WHERE object = ?');
  const remove = db.prepare('DELETE FROM last_states WHERE object = ?');
  const removeModel = db.prepare(
    'DELETE FROM last_models WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM last_states WHERE model = ?1)',
  );
  return (objects) => {
    const models = new Set<number>();
    for (const object of objects) {
      const [model] = (select.get(object) ?? []) as unknown as [number?];
      if (model === undefined) continue;
      remove.run(object);
      models.add(model);
    }
    for (const model of models) removeModel.run(model);
  };
}

function createRemover(
  db: DatabaseSync,
  find: string,
  remove: string,
  subtract: string,
  removeMore: (objects: readonly number[]) => void = () => {},
) {
  const select = arrays(db, find);
  const removeOne = db.prepare(remove);
  const subtractSome = db.prepare(subtract);
  const removeUnused = createUnusedObjectRemover(db);
  return (before: number, limit: number): number =>
    inTransaction(db, () => {
      const rows = select.all(before, limit) as unknown as Row[];
      for (const [id] of rows) removeOne.run(id);
      const objects = rows.map(([, object]) => object);
      removeMore(objects);
      removeUnused(objects);
      subtractSome.run(rows.length);
      return rows.length;
    });
}

/** Makes the function that removes those rows of `objects` that nothing speaks of any more. The newest stays, so that no id is ever given twice. */
export function createUnusedObjectRemover(db: DatabaseSync): (objects: Iterable<number>) => void {
  const remove = db.prepare(
    `DELETE FROM objects WHERE id = ?1 AND id < (SELECT max(id) FROM objects)
     AND NOT EXISTS (SELECT 1 FROM events WHERE object = ?1)
     AND NOT EXISTS (SELECT 1 FROM object_states WHERE object = ?1)
     AND NOT EXISTS (SELECT 1 FROM object_changes WHERE object = ?1)`,
  );
  return (objects) => {
    for (const object of new Set(objects)) remove.run(object);
  };
}
