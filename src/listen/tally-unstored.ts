import type { WatchItem } from '../kube/watch-item.ts';
import type { Micros } from '../lib/time.ts';

/** What a feed had heard when the store took nothing more. */
export interface Unstored {
  readonly heard: number;
  /** When the first of it was heard. */
  readonly since: Micros;
}

/** With one batch more that could not be stored. */
export function tallyUnstored(
  known: Unstored | undefined,
  batch: readonly WatchItem[],
): Unstored | undefined {
  const [first] = batch;
  if (first === undefined) return known;
  const heard = batch.filter((item) => 'event' in item).length;
  return { heard: (known?.heard ?? 0) + heard, since: Math.min(known?.since ?? first.at, first.at) };
}
