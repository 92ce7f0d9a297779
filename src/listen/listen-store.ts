import type { Sighting } from '../events/sighting.ts';
import type { MarkWriter } from '../store/marks.ts';
import type { RecordBatch, Store, WriteResult } from '../store/store.ts';

/** As much of a store as a listener needs. */
export interface ListenStore extends Pick<Store, 'write' | 'readCoverage' | 'retain' | 'close'> {
  /** Where a store can take in sightings ahead, while others are written. */
  gather?(): GatheredSightings;
}

/** Sightings that are to be written together, in the order in which they were added. */
export interface GatheredSightings {
  add(sighting: Sighting): void;
  /** Writes them, with what else is committed together with them; to be called again when it has failed, and not when it has not. */
  write(rest: Omit<RecordBatch, 'sightings'>): Promise<WriteResult>;
}

/** Begins to gather sightings for a store. */
export function gatherSightings(store: ListenStore): GatheredSightings {
  if (store.gather !== undefined) return store.gather();
  const sightings: Sighting[] = [];
  return {
    add: (sighting) => sightings.push(sighting),
    write: (rest) => store.write({ ...rest, sightings }),
  };
}

/** One that also keeps how far those got who pass the record on. */
export type MarkedStore = ListenStore & MarkWriter;

/** What a mark's call is sent with. */
export type MarksToWrite = Parameters<MarkWriter['writeMarks']>;

/** A call of one of the store's functions, sent to the thread that holds it. */
export interface StoreCall {
  readonly id: number;
  readonly name: Exclude<keyof MarkedStore, 'gather'>;
  readonly args: readonly unknown[];
}

/** Asks for an end of the retention under way. */
export interface StoreAbort {
  readonly abort: number;
}

/** What came of a call. */
export type StoreAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: StoreFailure };

/** An error as it travels between threads; `exitCode` is that of a `HarkError`, undefined when it is a bug. */
export interface StoreFailure {
  readonly message: string;
  readonly code: string;
  readonly hint: string;
  readonly exitCode: number | undefined;
  readonly stack: string;
}

/** What the thread is started with. */
export interface StoreWorkerData {
  readonly file: string;
  /** The wall clock in milliseconds. */
  readonly since: number;
  /** The number of this process. */
  readonly pid: number;
}
