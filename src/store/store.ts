import type { Event } from '../events/event.ts';
import type { ClusterInfo, EventReader, CoverageStretch } from '../events/query.ts';
import type { Micros } from '../lib/time.ts';

/** One sighting of an Event to be recorded. */
export interface Sighting {
  readonly event: Event;
  /** `deleted`: the API server said so; the Event stays, its deletion is noted. */
  readonly deleted: boolean;
  /** When we heard of it. */
  readonly at: Micros;
}

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
}

export interface WriteResult {
  /** Events not known before. */
  readonly added: number;
  /** Known Events of which a new point was recorded. */
  readonly repeated: number;
  /** Sightings that changed nothing. */
  readonly unchanged: number;
}

export interface StoreSize {
  readonly events: number;
  readonly occurrences: number;
  readonly bytes: number;
}

/**
 * Keeps the record. Every implementation passes `store/conformance.ts`.
 * Writes are atomic and idempotent, in any order: the same sighting twice, or an older one after a newer, changes nothing that is known.
 * Nothing but retention removes anything.
 */
export interface Store extends EventReader {
  write(batch: RecordBatch): Promise<WriteResult>;
  readCoverage(cluster: string): Promise<readonly CoverageStretch[]>;
  /**
   * Follows the record: yields the matching Events as they change, from the moment it is called (readEvents first, then this, misses none
   * when `follow` is called before `readEvents`). Ends when the signal does.
   */
  follow(query: import('../events/query.ts').EventQuery, signal: AbortSignal): AsyncIterable<readonly import('../events/event.ts').RecordedEvent[]>;
  /** Removes what is older than `before`, or the oldest until at most `bytes`, in short transactions; returns how much went. */
  retain(limits: { readonly before?: Micros; readonly bytes?: number }, signal?: AbortSignal): Promise<{ readonly events: number; readonly occurrences: number }>;
  readSize(): Promise<StoreSize>;
}
