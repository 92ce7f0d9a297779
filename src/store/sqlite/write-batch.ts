import type { DatabaseSync } from 'node:sqlite';
import type { RecordBatch, WriteResult } from '../store.ts';
import { createChangeWriter } from './changes.ts';
import { createCoverageWriter } from './coverage-rows.ts';
import { inTransaction } from './in-transaction.ts';
import { createNameWriter } from './intern-names.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createSightingWriter } from './write-sighting.ts';

/** Counts kept beside what they count, so that nothing has to be counted. */
export interface Totals {
  readonly events: number;
  readonly points: number;
  readonly nextEvent: number;
}

/**
 * Makes the function that writes a batch in one transaction, synchronously: committed when it returns, nothing changed when it throws.
 * What it holds in memory between batches is bounded.
 */
export function createBatchWriter(db: DatabaseSync, reader: NameReader, changesKept?: number): BatchWriter {
  const names = createNameWriter(db);
  const changes = createChangeWriter(db, changesKept);
  const writeCoverage = createCoverageWriter(db);
  const sightings = createSightingWriter(db, reader, names, readTotals(db).nextEvent);
  const addTotals = db.prepare('UPDATE totals SET events = events + ?, points = points + ?, next_event = ?');

  function record(batch: RecordBatch): WriteResult {
    const cluster = { id: names.cluster(batch.cluster), uid: batch.cluster.uid };
    const counts = { added: 0, repeated: 0, changed: 0, unchanged: 0 };
    const changed = new Set<number>();
    let points = 0;
    for (const sighting of batch.sightings) {
      const result = sightings.write(cluster, sighting);
      counts[result.outcome]++;
      if (result.outcome === 'unchanged') continue;
      changed.add(result.event);
      points += result.points;
    }
    for (const step of batch.coverage ?? []) writeCoverage(cluster.id, step);
    changes.write(changed);
    if (changed.size > 0) addTotals.run(counts.added, points, sightings.nextEvent);
    return counts;
  }

  function forget(): void {
    names.clear();
    reader.clear();
    changes.refresh();
    sightings.nextEvent = readTotals(db).nextEvent;
    sightings.forget();
  }

  return {
    write(batch) {
      try {
        return inTransaction(db, () => record(batch));
      } catch (error) {
        forget();
        throw error;
      }
    },
    forget,
  };
}

export interface BatchWriter {
  write(batch: RecordBatch): WriteResult;
  /** Forgets the ids it keeps: retention may have removed some. */
  forget(): void;
}

export function readTotals(db: DatabaseSync): Totals {
  const row = arrays(db, 'SELECT events, points, next_event FROM totals').get() as unknown as [
    number,
    number,
    number,
  ];
  const [events, points, nextEvent] = row;
  return { events, points, nextEvent };
}
