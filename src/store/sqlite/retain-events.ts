import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SECOND } from '../../lib/time.ts';
import type { RetentionLimits, RetentionResult } from '../store.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createEventRemover } from './remove-events.ts';
import { sweepNames } from './sweep-names.ts';
import type { TextIndex } from './text-index.ts';

/** How long a transaction should take: readers never wait for one, the listener's next batch does. */
const STEP_MS = 20;
const FIRST_STEP = 100;
const LARGEST_STEP = 5_000;
/** Pages given back in one transaction. */
const PAGES_AT_ONCE = 200;

/**
 * Removes the Events last seen longest ago in short transactions, and gives their room back to the disk.
 *
 * @param forget called when stored names may have gone, before anything else is written
 */
export async function retainEvents(
  db: DatabaseSync,
  names: NameReader,
  texts: TextIndex,
  limits: RetentionLimits,
  signal: AbortSignal | undefined,
  forget: () => void,
): Promise<RetentionResult> {
  const removeSome = paceSteps(createEventRemover(db, names, texts));
  const total = { events: 0, occurrences: 0 };
  while (signal?.aborted !== true) {
    const before = readHorizon(db, limits);
    if (before === undefined) break;
    const removed = removeSome(before);
    if (removed.events === 0) break;
    forget();
    total.events += removed.events;
    total.occurrences += removed.occurrences;
    await nextTurn();
  }
  await sweepNames(db, signal, forget);
  while (signal?.aborted !== true && freeSomePages(db)) await nextTurn();
  if (signal?.aborted !== true) emptyLog(db);
  return total;
}

/** Removes as many at a time as take about `STEP_MS` on this machine, as it is now. */
function paceSteps(remove: (before: number, limit: number) => RetentionResult) {
  let limit = FIRST_STEP;
  return (before: number): RetentionResult => {
    const start = performance.now();
    const removed = remove(before, limit);
    const faster = STEP_MS / Math.max(1, performance.now() - start);
    limit = Math.ceil(Math.min(LARGEST_STEP, limit * Math.min(2, faster)));
    return removed;
  };
}

/** Events last seen before this second are to go; undefined when the limits are kept. */
function readHorizon(db: DatabaseSync, { before, bytes }: RetentionLimits): number | undefined {
  if (bytes !== undefined && readUsedBytes(db) > bytes) return Number.MAX_SAFE_INTEGER;
  return before === undefined ? undefined : Math.floor(before / SECOND);
}

function freeSomePages(db: DatabaseSync): boolean {
  const free = readPragma(db, 'freelist_count');
  if (free === 0) return false;
  db.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
  return readPragma(db, 'freelist_count') < free;
}

/** Takes the write-ahead log back into the file and frees its room too, unless someone reads from it. */
function emptyLog(db: DatabaseSync): void {
  const patience = readPragma(db, 'busy_timeout');
  db.exec('PRAGMA busy_timeout = 0');
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.exec(`PRAGMA busy_timeout = ${patience}`);
  }
}

/** Bytes of all pages in use. */
export function readUsedBytes(db: DatabaseSync): number {
  const pages = readPragma(db, 'page_count') - readPragma(db, 'freelist_count');
  return pages * readPragma(db, 'page_size');
}

function readPragma(db: DatabaseSync, name: string): number {
  return (arrays(db, `PRAGMA ${name}`).get() as unknown as [number])[0];
}
