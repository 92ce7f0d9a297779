import type { Micros } from '../../lib/time.ts';

/** Until when the record goes, for those who must know whether enough time has passed; it remembers what it had to answer with no. */
export interface Horizon {
  readonly at: Micros;
  isPast(time: Micros): boolean;
  /** The earliest time that was asked for and is still to come: what was told holds until then. */
  next(): Micros;
}

export function horizonAt(at: Micros): Horizon {
  let next = Number.POSITIVE_INFINITY;
  return {
    at,
    isPast(time) {
      if (time <= at) return true;
      next = Math.min(next, time);
      return false;
    },
    next: () => next,
  };
}
