import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SECOND } from '../../lib/time.ts';
import type { RetentionLimits, RetentionResult } from '../store.ts';
import { packRows } from './pack-rows.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createEventRemover } from './remove-events.ts';
import { createObjectChangeRemover, createStateRemover } from './remove-objects.ts';
import { type MeanwhileWriter, sweepNames } from './sweep-names.ts';
import type { TextIndex } from './text-index.ts';
import { readTotals } from './write-batch.ts';

/** How long a transaction should take: readers never wait for one, the listener's next batch does. */
const STEP_MS = 20;
const FIRST_STEP = 100;
const LARGEST_STEP = 5_000;
/** Pages given back in one transaction. */
const PAGES_AT_ONCE = 200;
/** Of the part that seems to be too much, so much goes at a time… */
const CAUTION = 0.7;
/** …and of all at least so much. */
const LEAST_SHARE = 0.005;
/** Of all that was removed must be so much before it is looked whether the rest is to be packed… */
const WORTH_PACKING = 0.03;
/** …as it is when of the bytes that so many rows take less than this was freed. */
const ENOUGH_FREED = 0.7;

/**
 * Removes the Events last seen longest ago, the oldest changes and the objects that went first, in short transactions, and gives their room
 * back to the disk.
 */
export async function retainEvents(
  db: DatabaseSync,
  names: NameReader,
  texts: TextIndex,
  limits: RetentionLimits,
  signal: AbortSignal | undefined,
  writer: MeanwhileWriter,
): Promise<RetentionResult> {
  const total = { events: 0, occurrences: 0, objects: 0, changes: 0 };
  const removeEvents = createEventRemover(db, names, texts);
  const removers: Readonly<Record<Kept, Remover>> = {
    events: paceSteps((before, limit) => {
      const removed = removeEvents(before, limit);
      total.occurrences += removed.occurrences;
      return removed.events;
    }),
    changes: paceSteps(createObjectChangeRemover(db)),
    objects: paceSteps(createStateRemover(db)),
  };

  /** Removes up to `most` of what is older than this second; whether there was any. */
  async function remove(kept: Kept, before: number, most: number): Promise<boolean> {
    for (let left = most; left > 0; ) {
      if (signal?.aborted === true) return false;
      const removed = removers[kept](before, left);
      if (removed === 0) return left < most;
      writer.forget();
      left -= removed;
      total[kept] += removed;
      await nextTurn();
    }
    return most > 0;
  }
  async function removeShare(share: number): Promise<boolean> {
    const left = readTotals(db);
    let any = false;
    for (const kept of KEPT) {
      const most = Math.ceil(share * (kept === 'objects' ? countGone(db) : left[kept]));
      any = (await remove(kept, Number.MAX_SAFE_INTEGER, most)) || any;
    }
    return any;
  }

  /** Removes step by step, less than seems to be needed, and packs what is left when that freed less than it should. */
  async function shrink(bytes: number): Promise<void> {
    let unpacked = { share: 0, freed: 0 };
    for (let used = readUsedBytes(db); used > bytes; used = readUsedBytes(db)) {
      const share = Math.max(LEAST_SHARE, (CAUTION * (used - bytes)) / used);
      if (!(await removeShare(share))) return;
      await sweepNames(db, signal, writer);
      unpacked = {
        share: unpacked.share + share,
        freed: unpacked.freed + (used - readUsedBytes(db)) / used,
      };
      if (unpacked.share < WORTH_PACKING) continue;
      if (unpacked.freed < ENOUGH_FREED * unpacked.share) await pack();
      unpacked = { share: 0, freed: 0 };
    }
  }
  async function pack(): Promise<void> {
    for (const _ of packRows(db)) {
      if (signal?.aborted === true) return;
      await nextTurn();
    }
  }

  if (limits.before !== undefined)
    for (const kept of KEPT) await remove(kept, Math.floor(limits.before / SECOND), Number.MAX_SAFE_INTEGER);
  await sweepNames(db, signal, writer);
  await shrink(limits.bytes ?? Number.POSITIVE_INFINITY);
  while (signal?.aborted !== true && freeSomePages(db)) await nextTurn();
  if (signal?.aborted !== true) emptyLog(db);
  return total;
}

/** What is removed by its age; changes before the objects that they are of. */
const KEPT = ['events', 'changes', 'objects'] as const;
type Kept = (typeof KEPT)[number];
/** Removes some, of what is older than a second; how many. */
type Remover = (before: number, limit: number) => number;

function countGone(db: DatabaseSync): number {
  const select = arrays(db, 'SELECT count(*) FROM object_states WHERE gone IS NOT NULL');
  return (select.get() as unknown as [number])[0];
}

/** Removes as many at a time as take about `STEP_MS` on this machine, as it is now. */
function paceSteps(remove: Remover): Remover {
  let limit = FIRST_STEP;
  return (before, most) => {
    const start = performance.now();
    const removed = remove(before, Math.min(limit, most));
    const faster = STEP_MS / Math.max(1, performance.now() - start);
    limit = Math.ceil(Math.min(LARGEST_STEP, limit * Math.min(2, faster)));
    return removed;
  };
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
