import type { Sighting } from '../events/sighting.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import type { Micros } from '../lib/time.ts';

export interface ReplayOptions {
  /** How many times as fast as it happened; `Infinity`: without waiting. */
  readonly speed: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What was heard of at one moment of the time that is played. */
export interface ReplayedMoment {
  /** The time then. */
  readonly at: Micros;
  readonly sightings: readonly Sighting[];
}

/**
 * Plays sightings at the pace at which they were heard of: the first at once, each other one when its time has come. Does not fall behind: what
 * the consumer was too slow for comes at once. Ends when the signal aborts.
 *
 * @param timeline in the order of `at`
 */
export async function* replaySightings(
  timeline: readonly Sighting[],
  { speed, clock, signal }: ReplayOptions,
): AsyncGenerator<ReplayedMoment> {
  const start = clock.now();
  const first = timeline[0]?.at ?? 0;
  let index = 0;
  while (index < timeline.length && !signal.aborted) {
    const at = timeline[index]?.at ?? 0;
    const wait = Math.ceil((at - first) / speed - (clock.now() - start));
    if (wait > 0) {
      await sleep(clock, wait, signal);
      continue;
    }
    const from = index;
    while (timeline[index]?.at === at) index += 1;
    yield { at, sightings: timeline.slice(from, index) };
  }
}
