import type { RetentionLimits, RetentionResult, WriteResult } from '../store.ts';
import { createBackgroundWork } from './background-work.ts';
import { closeCrashedCoverage } from './coverage-rows.ts';
import type { StoreDatabase } from './open-database.ts';
import type { NameReader } from './read-names.ts';
import { retainEvents } from './retain-events.ts';
import { createLogSync } from './sync-log.ts';
import { createTextIndex } from './text-index.ts';
import { createBatchWriter, type WordedBatch } from './write-batch.ts';

/** The half of a store that only its one writer has. */
export interface StoreWriter {
  write(batch: WordedBatch): WriteResult;
  /** Takes some Events more into the full-text index; whether there are more to take. */
  indexSome(): boolean;
  retain(limits: RetentionLimits, signal: AbortSignal | undefined): Promise<RetentionResult>;
  /** Stops what it does in the background; before the file is closed. */
  close(): Promise<void>;
}

/** Events taken into the full-text index at a time: some milliseconds. */
const TEXTS_AT_ONCE = 1_000;
/** When so many sightings are written while it waits for its next step, indexing waits longer. */
const BURST = 2_000;
/** How many times so many before the store is closed: a second or two; the rest is left to the next writer. */
const TURNS_AT_CLOSE = 300;

export function createStoreWriter(
  { db, file }: StoreDatabase,
  names: NameReader,
  changesKept?: number,
): StoreWriter {
  closeCrashedCoverage(db);
  const batches = createBatchWriter(db, names, changesKept);
  const texts = createTextIndex(db, names);
  const indexing = createBackgroundWork(indexSome, BURST);
  const log = createLogSync(file);
  const closing = new AbortController();
  let retaining: Promise<unknown> = Promise.resolve();

  function indexSome(): boolean {
    return texts.indexSome(TEXTS_AT_ONCE) === TEXTS_AT_ONCE;
  }

  indexing.note();
  return {
    write(batch) {
      const result = batches.write(batch);
      const { added, repeated, changed, unchanged } = result;
      const sightings = added + repeated + changed + unchanged;
      indexing.note(sightings);
      log.note(sightings);
      return result;
    },
    indexSome,
    retain(limits, signal) {
      const until = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      const done = retaining.then(() => retainEvents(db, names, texts, limits, until, batches));
      retaining = done.catch(() => undefined);
      return done;
    },
    async close() {
      indexing.stop();
      log.close();
      closing.abort();
      await retaining;
      try {
        for (let turn = 0; turn < TURNS_AT_CLOSE && indexSome(); turn++);
      } catch {
        // The index lags behind anyway: the next writer goes on with it, or fails where it can be told.
      }
    },
  };
}
