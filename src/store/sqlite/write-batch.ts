import type { DatabaseSync } from 'node:sqlite';
import type { Sighting } from '../../events/sighting.ts';
import type { RecordBatch, WriteResult } from '../store.ts';
import { createChangeWriter } from './changes.ts';
import { createCoverageWriter } from './coverage-rows.ts';
import { createObjectFinder } from './find-object.ts';
import { inTransaction } from './in-transaction.ts';
import { createNameWriter } from './intern-names.ts';
import { arrays, type NameReader } from './read-names.ts';
import type { Worded } from './wording.ts';
import { createObjectChangeWriter } from './write-change.ts';
import { createLastStateWriter } from './write-last-state.ts';
import { createObjectListWriter } from './write-object-list.ts';
import { createSightingWriter, type WrittenCluster } from './write-sighting.ts';
import { createStateWriter } from './write-state.ts';

/** Counts kept beside what they count, so that nothing has to be counted. */
export interface Totals {
  readonly events: number;
  readonly points: number;
  readonly nextEvent: number;
  readonly objects: number;
  readonly changes: number;
}

/** A sighting, with the message of its Event taken apart where another thread has done so. */
export interface WordedSighting extends Sighting {
  readonly worded?: Worded;
}

/** A batch whose sightings are read once, one after the other. */
export interface WordedBatch extends Omit<RecordBatch, 'sightings'> {
  readonly sightings: Iterable<WordedSighting>;
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
  const finder = createObjectFinder(db, names);
  const writeState = createStateWriter(db, reader, names, finder);
  const writeObjectChange = createObjectChangeWriter(db, reader, names, finder);
  const writeObjectList = createObjectListWriter(db, reader, names);
  const lastStates = createLastStateWriter(db, finder);
  const addTotals = db.prepare('UPDATE totals SET events = events + ?, points = points + ?, next_event = ?');
  const addObjectTotals = db.prepare('UPDATE totals SET objects = objects + ?, changes = changes + ?');

  function record(batch: WordedBatch): WriteResult {
    const cluster = { id: names.cluster(batch.cluster), uid: batch.cluster.uid };
    return { ...recordSightings(cluster, batch), ...recordObjects(cluster.id, batch) };
  }

  function recordObjects(cluster: number, batch: WordedBatch): Pick<WriteResult, 'objects' | 'changes'> {
    const objects = { added: 0, changed: 0, unchanged: 0 };
    const told = { added: 0, changed: 0, unchanged: 0 };
    for (const object of batch.objects ?? []) objects[writeState(cluster, object)]++;
    for (const list of batch.objectLists ?? []) objects.changed += writeObjectList(cluster, list);
    for (const state of batch.lastStates ?? []) lastStates.write(cluster, state);
    let removed = 0;
    for (const change of batch.changes ?? []) {
      const written = writeObjectChange(cluster, change);
      told[written.outcome]++;
      removed += written.removed;
    }
    if (objects.added + told.added + removed > 0) addObjectTotals.run(objects.added, told.added - removed);
    return { objects: objects.added + objects.changed, changes: told.added + told.changed };
  }

  function recordSightings(cluster: WrittenCluster, batch: WordedBatch) {
    const counts = { added: 0, repeated: 0, changed: 0, unchanged: 0 };
    const changed = new Set<number>();
    let points = 0;
    for (const sighting of batch.sightings) {
      const result = sightings.write(cluster, sighting, sighting.worded);
      counts[result.outcome]++;
      if (result.outcome === 'unchanged') continue;
      changed.add(result.event);
      points += result.points;
    }
    sightings.flush();
    for (const step of batch.coverage ?? []) writeCoverage(cluster.id, step);
    changes.write(changed);
    if (changed.size > 0) addTotals.run(counts.added, points, sightings.nextEvent);
    return counts;
  }

  function forget(): void {
    names.clear();
    finder.clear();
    lastStates.forget();
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
    noteStrings: names.noteStrings,
  };
}

export interface BatchWriter {
  write(batch: WordedBatch): WriteResult;
  /** Forgets the ids it keeps: retention may have removed some. */
  forget(): void;
  /** Notes from now on the id of each string that what is written names; undefined: not any more. */
  noteStrings(noted: Set<number> | undefined): void;
}

export function readTotals(db: DatabaseSync): Totals {
  const select = arrays(db, 'SELECT events, points, next_event, objects, changes FROM totals');
  const [events, points, nextEvent, objects, changes] = select.get() as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { events, points, nextEvent, objects, changes };
}
