import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './in-transaction.ts';
import { arrays } from './read-names.ts';

/** Tables whose rows go by their age, not by their place. */
const TABLES = ['events', 'objects', 'object_states', 'object_changes', 'last_states'] as const;
/** Rows moved in one transaction: some milliseconds. */
const ROWS_AT_ONCE = 500;
/** Rows of a table up to which building an index anew, which cannot be done in steps, takes a tenth of a second. */
const INDEXED_AT_ONCE = 200_000;

/**
 * Packs rows closer, in short transactions; yields after each. SQLite gives a page back when all in it has gone: rows that went here and there leave
 * pages half empty, two thirds even. What is left in some of them is taken out and put back in order, and so fills a few. Nothing else changes.
 */
export function* packRows(db: DatabaseSync): Generator<void> {
  for (const table of TABLES) {
    let rows = 0;
    for (const moved of moveRows(db, table)) {
      rows += moved;
      yield;
    }
    if (rows > INDEXED_AT_ONCE) continue;
    for (const index of readIndexes(db, table)) {
      db.exec(`REINDEX ${index}`);
      yield;
    }
  }
}

type Row = [id: number, ...columns: (number | string | Uint8Array | null)[]];

/** Yields how many it moved. */
function* moveRows(db: DatabaseSync, table: string): Generator<number> {
  const select = arrays(
    db,
    `SELECT rowid, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE rowid > ? AND rowid <= ?`);
  const values = select
    .columns()
    .slice(1)
    .map(() => '?');
  const insert = db.prepare(`INSERT INTO ${table} VALUES (${values.join()})`);
  for (let last = 0; ; ) {
    const from = last;
    const moved = inTransaction(db, () => {
      const rows = select.all(from) as unknown as Row[];
      last = rows.at(-1)?.[0] ?? from;
      remove.run(from, last);
      for (const [, ...columns] of rows) insert.run(...columns);
      return rows.length;
    });
    if (moved === 0) return;
    yield moved;
  }
}

function readIndexes(db: DatabaseSync, table: string): string[] {
  const select = arrays(
    db,
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
  );
  return (select.all(table) as unknown as [string][]).map(([name]) => name);
}
