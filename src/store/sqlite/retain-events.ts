import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Micros, SECOND } from '../../lib/time.ts';
import type { RetentionLimits, RetentionResult } from '../store.ts';
import { surroundingsOf, unpackEvent } from './event-row.ts';
import { unpackPoints } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';
import { RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

/** Events removed in one transaction: what readers and the listener wait for at most. */
const EVENTS_AT_ONCE = 500;
const PAGES_AT_ONCE = 256;

/** Removes the Events last seen longest ago, a few at a time, and gives back the room. */
export async function retainEvents(
  db: DatabaseSync,
  names: NameReader,
  limits: RetentionLimits,
  signal: AbortSignal | undefined,
): Promise<RetentionResult> {
  const total = { events: 0, occurrences: 0 };
  const removeSome = createRemover(db, names);
  const before = limits.before === undefined ? undefined : Math.floor(limits.before / SECOND);
  while (signal?.aborted !== true) {
    const isTooLarge = limits.bytes !== undefined && readUsedBytes(db) > limits.bytes;
    const horizon = isTooLarge ? Number.MAX_SAFE_INTEGER : before;
    if (horizon === undefined) break;
    const removed = removeSome(horizon);
    total.events += removed.events;
    total.occurrences += removed.occurrences;
    if (removed.events === 0) break;
    await nextTurn();
  }
  while (signal?.aborted !== true && vacuumSome(db)) await nextTurn();
  return total;
}

function createRemover(db: DatabaseSync, names: NameReader) {
  const select = arrays(
    db,
    `SELECT ${RECORD_COLUMNS} FROM events WHERE last < ? ORDER BY last LIMIT ${EVENTS_AT_ONCE}`,
  );
  const countOlder = arrays(db, 'SELECT points FROM chunks WHERE event = ?');
  const removeOlder = db.prepare('DELETE FROM chunks WHERE event = ?');
  const remove = db.prepare('DELETE FROM events WHERE id = ?');
  const subtract = db.prepare('UPDATE totals SET events = events - ?, points = points - ?');

  function countPoints([id, last, object, saying, space, key, body, packed]: RecordRow): number {
    if (packed === null) return 1;
    const { event } = unpackEvent({ object, saying, space, key, last, body }, names);
    const around = surroundingsOf(event);
    const { points, hasOlder } = unpackPoints(packed, names, around);
    if (!hasOlder) return points.length;
    const chunks = countOlder.all(id) as unknown as [Uint8Array][];
    return chunks.reduce(
      (sum, [chunk]) => sum + unpackPoints(chunk, names, around).points.length,
      points.length,
    );
  }

  return function removeSome(before: number): RetentionResult {
    db.exec('BEGIN IMMEDIATE');
    try {
      const rows = select.all(before) as unknown as RecordRow[];
      let occurrences = 0;
      for (const row of rows) {
        occurrences += countPoints(row);
        if (row[7] !== null) removeOlder.run(row[0]);
        remove.run(row[0]);
      }
      const horizon = rows.at(-1)?.[1];
      if (horizon !== undefined) cutCoverage(db, horizon * SECOND);
      subtract.run(rows.length, occurrences);
      db.exec('COMMIT');
      return { events: rows.length, occurrences };
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}

/** What was removed is no longer covered. */
function cutCoverage(db: DatabaseSync, before: Micros): void {
  db.prepare('DELETE FROM coverage WHERE until < ? AND open = 0').run(before);
  db.prepare('UPDATE coverage SET since = min(?1, until) WHERE since < ?1').run(before);
}

function vacuumSome(db: DatabaseSync): boolean {
  const before = readPragma(db, 'freelist_count');
  if (before === 0) return false;
  db.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
  return readPragma(db, 'freelist_count') < before;
}

/** Bytes of pages in use. */
export function readUsedBytes(db: DatabaseSync): number {
  const pages = readPragma(db, 'page_count') - readPragma(db, 'freelist_count');
  return pages * readPragma(db, 'page_size');
}

function readPragma(db: DatabaseSync, name: string): number {
  return (arrays(db, `PRAGMA ${name}`).get() as unknown as [number])[0];
}
