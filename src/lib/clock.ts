import { MILLISECOND, type Micros, type MicrosLength } from './time.ts';

/** Time as the long-running parts know it: handed in, so that tests let it pass themselves. */
export interface Clock {
  now(): Micros;
  /** Calls back once, `length` from now; returns how to call it off. */
  after(length: MicrosLength, callback: () => void): () => void;
}

/** The longest delay of a Node timer; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * A clock that really passes.
 *
 * @param now tells the wall-clock time; delays do not follow it when it is set
 */
export function createClock(now: () => Micros): Clock {
  return {
    now,
    after(length, callback) {
      const timer = setTimeout(callback, Math.min(Math.max(0, length / MILLISECOND), LONGEST_DELAY_MS));
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves `length` from now, or as soon as the signal aborts; never rejects. */
export function sleep(clock: Clock, length: MicrosLength, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(length, wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
