import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in one transaction that writes: committed when this returns, undone when it throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  return run(db, 'BEGIN IMMEDIATE', work);
}

/** Runs `work` on the store as it is at one moment, whoever writes meanwhile. */
export function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  return run(db, 'BEGIN', work);
}

function run<T>(db: DatabaseSync, begin: string, work: () => T): T {
  db.exec(begin);
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
