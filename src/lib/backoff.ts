import { type MicrosLength, SECOND } from './time.ts';

export interface Backoff {
  /** How long to wait before the next try: longer each time, never longer than 30 s. */
  next(): MicrosLength;
  /** A try has succeeded: the next wait is short again. */
  reset(): void;
}

const FIRST: MicrosLength = SECOND / 2;
const LONGEST: MicrosLength = 30 * SECOND;

/**
 * Waits that double from half a second to 30 s, each between half of itself and all of it, so that many clients do not come back at once.
 *
 * @param random between 0 and 1
 */
export function createBackoff(random: () => number): Backoff {
  let tries = 0;
  return {
    next() {
      const longest = Math.min(LONGEST, FIRST * 2 ** tries);
      tries = Math.min(tries + 1, 10);
      return Math.round(longest * (0.5 + random() / 2));
    },
    reset() {
      tries = 0;
    },
  };
}
