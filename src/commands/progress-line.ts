import { MILLISECOND, type Micros } from '../lib/time.ts';
import type { Context } from './context.ts';

const SHOW_EVERY = 200 * MILLISECOND;

/** A line on stderr that is written over while work goes on; nothing at all when stderr is no terminal. */
export interface ProgressLine {
  /** Shows a text, at most five times a second. */
  show(text: string): void;
  clear(): void;
}

export function createProgress({ stderr, wallClock }: Context): ProgressLine {
  let shownAt: Micros | undefined;
  const columns = stderr.columns ?? 80;
  return {
    show(text) {
      const now = wallClock();
      if (!stderr.isTTY || (shownAt !== undefined && now - shownAt < SHOW_EVERY)) return;
      shownAt = now;
      stderr.stream.write(`\r\x1b[K${text.slice(0, columns - 1)}`);
    },
    clear() {
      if (shownAt !== undefined) stderr.stream.write('\r\x1b[K');
      shownAt = undefined;
    },
  };
}
