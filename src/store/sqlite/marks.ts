import type { DatabaseSync } from 'node:sqlite';
import type { Mark } from '../marks.ts';
import { inTransaction } from './in-transaction.ts';
import { arrays } from './read-names.ts';

/** All marks of one keeper. */
export function readMarks(db: DatabaseSync, keeper: string): ReadonlyMap<string, string> {
  const rows = arrays(db, 'SELECT key, value FROM marks WHERE keeper = ?').all(keeper);
  return new Map(rows as unknown as [string, string][]);
}

/** Writes marks, all or none: what is undefined is removed. */
export function writeMarks(db: DatabaseSync, keeper: string, marks: readonly Mark[]): void {
  const put = db.prepare('INSERT OR REPLACE INTO marks (keeper, key, value) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM marks WHERE keeper = ? AND key = ?');
  inTransaction(db, () => {
    for (const [key, value] of marks) {
      if (value === undefined) remove.run(keeper, key);
      else put.run(keeper, key, value);
    }
  });
}
