import type { DatabaseSync } from 'node:sqlite';
import { SECOND } from '../../lib/time.ts';
import type { RetentionResult } from '../store.ts';
import { inTransaction } from './in-transaction.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createRecordReader, RECORD_COLUMNS, type RecordRow } from './read-rows.ts';
import { createUnusedObjectRemover } from './remove-objects.ts';
import { messagesOf, type TextIndex } from './text-index.ts';

export type RemovedEvents = Pick<RetentionResult, 'events' | 'occurrences'>;

/**
 * Makes the function that removes the Events last seen longest ago before some second, at most `limit` of them, with all that is kept for them
 * alone, in one transaction.
 */
export function createEventRemover(db: DatabaseSync, names: NameReader, texts: TextIndex) {
  const readRecord = createRecordReader(db, names);
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE last < ? ORDER BY last LIMIT ?`);
  const removeOlder = db.prepare('DELETE FROM chunks WHERE event = ?');
  const remove = db.prepare('DELETE FROM events WHERE id = ?');
  const removeUnused = createUnusedObjectRemover(db);
  const cutCoverage = createCoverageCutter(db);
  const subtract = db.prepare(
    'UPDATE totals SET events = events - ?1, points = points - ?2, removed = removed + ?1',
  );

  function removeRow(row: RecordRow): number {
    const [id, , , , , , , points] = row;
    const record = readRecord(row);
    texts.remove(id, messagesOf(record));
    if (points !== null) removeOlder.run(id);
    remove.run(id);
    return record.points.length;
  }

  return function removeEvents(before: number, limit: number): RemovedEvents {
    return inTransaction(db, () => {
      const rows = select.all(before, limit) as unknown as RecordRow[];
      const occurrences = rows.reduce((sum, row) => sum + removeRow(row), 0);
      removeUnused(rows.map(([, , object]) => object));
      const newest = rows.at(-1)?.[1];
      if (newest !== undefined) cutCoverage(newest);
      subtract.run(rows.length, occurrences);
      return { events: rows.length, occurrences };
    });
  };
}

/** What was removed is no longer covered: stretches begin after the newest second that went. */
function createCoverageCutter(db: DatabaseSync) {
  const remove = db.prepare('DELETE FROM coverage WHERE until < ? AND open = 0');
  const shorten = db.prepare('UPDATE coverage SET since = min(?1, until) WHERE since < ?1');
  return (second: number) => {
    const from = (second + 1) * SECOND;
    remove.run(from);
    shorten.run(from);
  };
}
