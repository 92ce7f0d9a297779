import type { Micros } from '../lib/time.ts';

/** What a feed had heard when the store took nothing more. */
export interface Unstored {
  readonly heard: number;
  /** When the first of it was heard. */
  readonly since: Micros;
}

/** With one batch more that could not be stored. */
export function tallyUnstored(known: Unstored | undefined, batch: Unstored): Unstored {
  return {
    heard: (known?.heard ?? 0) + batch.heard,
    since: Math.min(known?.since ?? batch.since, batch.since),
  };
}
