import { UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import { startSummary } from '../dumps/dump.ts';
import { loadTimeline } from '../dumps/load-timeline.ts';
import type { DumpInput } from '../dumps/read-dump.ts';
import { replaySightings } from '../dumps/replay-sightings.ts';
import { checkSummary } from '../dumps/tell-summary.ts';
import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import type { MicrosLength } from '../lib/time.ts';
import type { Store } from '../store/store.ts';
import type { ToldObjects } from './read-told-objects.ts';

/** Writes a file's Events, and what it tells of objects until each, into a store as if they were happening now, until the signal aborts; times stay as they were. */
export type Play = (store: Store, signal: AbortSignal, told: ToldObjects) => Promise<void>;

/**
 * Reads what is to be played.
 *
 * @param length how long all of it takes
 * @throws HarkError as `readDump` does; `usage` when it cannot be played
 */
export async function loadPlay(
  input: DumpInput,
  name: string,
  length: MicrosLength,
  clock: Clock,
  signal: AbortSignal,
): Promise<Play> {
  if (input.bytes !== undefined) throw cannotPlay(name, 'standard input can be read but once');
  const summary = startSummary();
  const timeline = await loadTimeline(input, summary, signal);
  checkSummary(name, summary);
  if (summary.clusters.length > 1) throw cannotPlay(name, 'it holds several clusters');
  const [found] = summary.clusters;
  const cluster = found === undefined ? UNKNOWN_CLUSTER : { uid: found.uid, name, version: '' };
  const [first = 0, last = 0] = [timeline[0]?.at, timeline.at(-1)?.at];
  return async (store, until, told) => {
    const speed = Math.max(1e-6, (last - first) / length);
    for await (const { at, sightings } of replaySightings(timeline, { speed, clock, signal: until }))
      await store.write({ cluster, sightings, ...told.takeUntil(at) });
  };
}

function cannotPlay(name: string, why: string): HarkError {
  return new HarkError('usage', `cannot play "${name}": ${why}`, {
    hint: 'Leave --play away to see all of it at once.',
  });
}
