import type { Event } from '../../events/event.ts';
import { type Micros, SECOND } from '../../lib/time.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Which parts a body has. The rare ones are the high ones, so that most bodies need two bytes for it. */
export const HAS = {
  eventsForm: 1 << 0,
  namedByTime: 1 << 1,
  uuid: 1 << 2,
  resourceVersion: 1 << 3,
  objectVersion: 1 << 4,
  /** created, first and last at the second that the row's `last` tells */
  atOnce: 1 << 5,
  created: 1 << 6,
  first: 1 << 7,
  last: 1 << 8,
  eventTime: 1 << 9,
  instance: 1 << 10,
  deletedAt: 1 << 11,
  fieldPath: 1 << 12,
  countIsOne: 1 << 13,
  series: 1 << 14,
  observed: 1 << 15,
  high: 1 << 16,
  uidText: 1 << 17,
  resourceVersionText: 1 << 18,
  objectVersionText: 1 << 19,
  related: 1 << 20,
  residue: 1 << 21,
} as const;

/** What `high` should be for the name to tell the time at which the Event happened first. */
export function guessHigh(
  event: Pick<Event, 'firstTimestamp' | 'eventTime'>,
  last: number,
  key: number,
): number {
  const time = event.firstTimestamp ?? event.eventTime ?? last * SECOND;
  return Math.round((time * (1000 / 2 ** 16) - (key >>> 0)) / 2 ** 32);
}

/** Twice the distance in seconds; odd when the microseconds follow. */
export function packTime(bytes: ByteWriter, time: Micros, near: number): void {
  const seconds = Math.floor(time / SECOND);
  const rest = time - seconds * SECOND;
  bytes.int((seconds - near) * 2 + (rest === 0 ? 0 : 1));
  if (rest !== 0) bytes.uint(rest);
}

export function unpackTime(bytes: ByteReader, near: number): Micros {
  const packed = bytes.int();
  const seconds = Math.floor(packed / 2);
  const hasRest = packed - seconds * 2 === 1;
  return (near + seconds) * SECOND + (hasRest ? bytes.uint() : 0);
}
