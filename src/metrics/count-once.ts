import type { Micros } from '../lib/time.ts';

/** Remembers what was counted, in bounded memory: what is counted once is never counted again. */
export interface Counted {
  has(id: string): boolean;
  /**
   * Whether something is to be counted now, which counts as done by asking. `late`: it ended before what is forgotten already, so nobody can
   * tell whether it was counted, and it is not.
   */
  count(id: string, endedAt: Micros): 'now' | 'before' | 'late';
}

/** @param most ids that are remembered; those that ended first are forgotten first when they are counted in that order */
export function createCounted(most: number): Counted {
  const ended = new Map<string, Micros>();
  let forgotten: Micros = Number.NEGATIVE_INFINITY;
  return {
    has: (id) => ended.has(id),
    count(id, endedAt) {
      if (ended.has(id)) return 'before';
      if (endedAt <= forgotten) return 'late';
      ended.set(id, endedAt);
      for (const [oldest, at] of ended) {
        if (ended.size <= most) break;
        ended.delete(oldest);
        forgotten = Math.max(forgotten, at);
      }
      return 'now';
    },
  };
}
