import { MILLISECOND, MINUTE, type Micros, type MicrosLength } from '../../../src/lib/time.ts';

/** In which clock times are told. */
export interface TimeZone {
  readonly name: 'utc' | 'local';
  /** What is added to UTC to get the clock's time. */
  offsetAt(at: Micros): MicrosLength;
}

export const UTC: TimeZone = { name: 'utc', offsetAt: () => 0 };

/** The clock of the machine that the browser runs on. */
export const LOCAL: TimeZone = {
  name: 'local',
  offsetAt: (at) => -new Date(at / MILLISECOND).getTimezoneOffset() * MINUTE,
};

/** The clock's time, as a number that reads like UTC. */
export function toClock(at: Micros, zone: TimeZone): Micros {
  return at + zone.offsetAt(at);
}

/** When a clock showed that; of a time that was skipped or came twice, one that is near. */
export function fromClock(clock: Micros, zone: TimeZone): Micros {
  const guess = clock - zone.offsetAt(clock);
  return clock - zone.offsetAt(guess);
}
