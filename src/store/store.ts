import type { RecordedEvent } from '../events/event.ts';
import type { NumberedEvent } from '../events/numbered-event.ts';
import type { ClusterInfo, CoverageStretch, EventQuery } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import type { LastState } from '../objects/last-state.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { ObjectList } from '../objects/object-list.ts';
import type { ObjectQuery, RecordReader } from '../objects/object-query.ts';

/** What one namespace's coverage ('' = the whole cluster) gains with a batch. */
export interface CoverageStep {
  readonly namespace: string;
  /**
   * Opens a new stretch there, closing the open one where it stood (stretches that touch leave no gap); absent: the open stretch goes on, and
   * one is opened at `to` when there is none.
   */
  readonly from?: Micros;
  readonly to: Micros;
  /** The watch's cursor at `to`, for the next run to resume from: kept with the stretch, closed ones too, and given back by `readCoverage`. */
  readonly resourceVersion?: string;
  /** Closes the stretch at `to`. */
  readonly close?: boolean;
}

/** What is committed together, atomically: all of it is in the store afterwards, or none. */
export interface RecordBatch {
  readonly cluster: ClusterInfo;
  readonly sightings: readonly Sighting[];
  /** In order; later steps build on earlier ones. */
  readonly coverage?: readonly CoverageStep[];
  /** Objects as they were seen, in any order: `mergeObjects` says which state stays. */
  readonly objects?: readonly KubernetesObject[];
  /** What happened to objects, in any order; of a change that is known already (`identifyChange`), `mergeChanges` says what stays. */
  readonly changes?: readonly Change[];
  /** Lists of all objects of a kind, taken in after `objects`: what is not in them is gone. */
  readonly objectLists?: readonly ObjectList[];
  /** What objects were last; kept of those alone that are known, from this batch or before. Of two of one object, that of the later resourceVersion stays. */
  readonly lastStates?: readonly LastState[];
}

/** What became of a batch: each sighting counts in one of the first four. */
export interface WriteResult {
  /** Events not known before. */
  readonly added: number;
  /** Known Events of which a new point was recorded. */
  readonly repeated: number;
  /** Known Events of which no new point, but a later state or their deletion was recorded. */
  readonly changed: number;
  /** Sightings that changed nothing. */
  readonly unchanged: number;
  /** Objects not known before, or of which something new is known: that they are gone, too. */
  readonly objects: number;
  /** Changes of objects not known before, or known better now. */
  readonly changes: number;
}

/** How much is removed. */
export interface RetentionLimits {
  /** Events last seen before; changes before; objects gone before. */
  readonly before?: Micros;
  /** The oldest of these, the same part of each, until the store takes at most so many bytes. What is there still is kept. */
  readonly bytes?: number;
}

export interface RetentionResult {
  readonly events: number;
  /** Points of those Events. */
  readonly occurrences: number;
  readonly objects: number;
  readonly changes: number;
}

export interface StoreSize {
  readonly events: number;
  /** Points of all Events. */
  readonly occurrences: number;
  /** Known objects, those that are gone included; not what Events speak of alone. */
  readonly objects: number;
  /** Changes of objects. */
  readonly changes: number;
  /** On disk, all files of the store. */
  readonly bytes: number;
}

/** What changed after a place in the record's history. */
export interface ChangedEvents {
  /** The place up to which changes are told here; the same as asked from when there are none. */
  readonly upto: number;
  /**
   * One for each Event that changed in between, in the order of its first change there: its state now. Undefined when it is removed, or has
   * changed again after `upto`: then it is told there. So a reader that goes on from `upto` is told no state twice, whatever it remembers.
   */
  readonly records: readonly (RecordedEvent | undefined)[];
  /** Of each, the number of its last change there; every change has one, and `upto` is the last's. */
  readonly numbers: readonly number[];
  /** Of each, the number of the change that it came into the record with; 0 when the history does not go back that far. */
  readonly firsts: readonly number[];
}

/**
 * Keeps the record. Every implementation passes `store/conformance.ts`.
 *
 * - Writes are atomic and idempotent, in any order: the same sighting twice, or an older one after a newer, changes nothing that is known
 *   (`mergeRecords` says what the record of an Event is). A write that fails changes nothing, and the store goes on.
 * - Nothing but retention removes anything.
 * - An object is known by its uid (by its names when it has none): whatever is written of it is one object, of which `mergeObjects` says what is known.
 * - `readEvents` gives each matching Event once, in `compareRecordedEvents` order of the state it gives, though others write meanwhile.
 */
export interface Store extends RecordReader {
  /** Resolves once the batch is committed: it is there after a crash of the process. */
  write(batch: RecordBatch): Promise<WriteResult>;
  /** What `lastStates` of the batches left behind. */
  readLastStates(query: ObjectQuery, signal?: AbortSignal): AsyncIterable<readonly LastState[]>;
  /** Stretches of coverage, by namespace, then by time. */
  readCoverage(cluster: string): Promise<readonly CoverageStretch[]>;
  /**
   * Follows the record: yields the matching Events as they change, from the moment it is called (called before `readEvents`, the two
   * together miss none). Several changes of one Event may be told as one, in its latest state; a page is in no order.
   * A follower so far behind that the changes are no longer known is told all matching Events anew: none is missed, some are repeated.
   * Ends when the signal does.
   */
  follow(query: EventQuery, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;
  /** Where the record's history stands: a number that grows with every change and is kept with the record. */
  readPlace(): Promise<number>;
  /** `readEvents`, each with the number of its last change; 0 when the history does not go back that far. */
  readNumbered(query: EventQuery, signal?: AbortSignal): AsyncIterable<readonly NumberedEvent[]>;
  /**
   * What changed after a place (the number of any change, or one that was given as `upto`), oldest change first, some thousands at a time: ask again from `upto`. `gone` when the history does not go back
   * that far: then everything is to be read anew.
   *
   * @param before the place up to which is told at most: one that was given as `upto`
   */
  readChanged(place: number, before?: number): Promise<ChangedEvents | 'gone'>;
  /**
   * Removes the Events last seen longest ago, with all that is known of them, the changes from before and the objects gone before, in short
   * transactions; coverage from before the oldest Event left is given up too. Stops between two transactions when the signal aborts.
   */
  retain(limits: RetentionLimits, signal?: AbortSignal): Promise<RetentionResult>;
  readSize(): Promise<StoreSize>;
}
