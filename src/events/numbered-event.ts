import type { RecordedEvent } from './event.ts';

/** An Event of a record whose changes are numbered: with the number of its last one. */
export interface NumberedEvent {
  readonly record: RecordedEvent;
  /** 0 when it changed longer ago than is known. */
  readonly number: number;
}
