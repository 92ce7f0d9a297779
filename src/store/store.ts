import type { RecordedEvent } from '../events/event.ts';
import type { ClusterInfo, CoverageStretch, EventQuery, EventReader } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import type { KubernetesObject } from '../objects/object.ts';

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
  /** What happened to objects, in any order; a change that is known (`identifyChange`) changes nothing. */
  readonly changes?: readonly Change[];
}

/** What became of a batch's sightings: each counts in one of these. */
export interface WriteResult {
  /** Events not known before. */
  readonly added: number;
  /** Known Events of which a new point was recorded. */
  readonly repeated: number;
  /** Known Events of which no new point, but a later state or their deletion was recorded. */
  readonly changed: number;
  /** Sightings that changed nothing. */
  readonly unchanged: number;
}

/** How much is removed. */
export interface RetentionLimits {
  /** Events last seen before. */
  readonly before?: Micros;
  /** The Events last seen longest ago, until the store takes at most so many bytes. */
  readonly bytes?: number;
}

export interface RetentionResult {
  readonly events: number;
  /** Points of those Events. */
  readonly occurrences: number;
}

export interface StoreSize {
  readonly events: number;
  /** Points of all Events. */
  readonly occurrences: number;
  /** On disk, all files of the store. */
  readonly bytes: number;
}

/**
 * Keeps the record. Every implementation passes `store/conformance.ts`.
 *
 * - Writes are atomic and idempotent, in any order: the same sighting twice, or an older one after a newer, changes nothing that is known
 *   (`mergeRecords` says what the record of an Event is). A write that fails changes nothing, and the store goes on.
 * - Nothing but retention removes anything.
 * - `readEvents` gives each matching Event once, in `compareRecordedEvents` order of the state it gives, though others write meanwhile.
 */
export interface Store extends EventReader {
  /** Resolves once the batch is committed: it is there after a crash of the process. */
  write(batch: RecordBatch): Promise<WriteResult>;
  /** Stretches of coverage, by namespace, then by time. */
  readCoverage(cluster: string): Promise<readonly CoverageStretch[]>;
  /**
   * Follows the record: yields the matching Events as they change, from the moment it is called (called before `readEvents`, the two
   * together miss none). Several changes of one Event may be told as one, in its latest state; a page is in no order.
   * A follower so far behind that the changes are no longer known is told all matching Events anew: none is missed, some are repeated.
   * Ends when the signal does.
   */
  follow(query: EventQuery, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * Removes the Events last seen longest ago, with all that is known of them, in short transactions; coverage from before the oldest left
   * is given up too. Stops between two transactions when the signal aborts.
   */
  retain(limits: RetentionLimits, signal?: AbortSignal): Promise<RetentionResult>;
  readSize(): Promise<StoreSize>;
}
