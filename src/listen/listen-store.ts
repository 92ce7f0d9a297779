import type { MarkWriter } from '../store/marks.ts';
import type { RecordBatch, Store } from '../store/store.ts';

/** As much of a store as a listener needs. */
export interface ListenStore extends Pick<Store, 'write' | 'readCoverage' | 'retain' | 'close'> {
  /** Does what can be done ahead for a batch that will be written, while another one still is. */
  prepare?(batch: RecordBatch): void;
}

/** One that also keeps how far those got who pass the record on. */
export type MarkedStore = ListenStore & MarkWriter;

/** What a mark's call is sent with. */
export type MarksToWrite = Parameters<MarkWriter['writeMarks']>;

/** A call of one of the store's functions, sent to the thread that holds it. */
export interface StoreCall {
  readonly id: number;
  readonly name: Exclude<keyof MarkedStore, 'prepare'>;
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
