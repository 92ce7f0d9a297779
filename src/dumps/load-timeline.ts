import type { Event, OccurrencePoint } from '../events/event.ts';
import type { Sighting } from '../events/sighting.ts';
import type { DumpSummary } from './dump.ts';
import { type DumpInput, readDump } from './read-dump.ts';

/**
 * Everything a dump tells, in the order in which it was heard of: of a recording, by arrival; else by when an Event was last seen. What an
 * export knows of repeats is told repeat by repeat. Held in memory.
 *
 * @throws HarkError as `readDump` does
 */
export async function loadTimeline(
  input: DumpInput,
  summary: DumpSummary,
  signal: AbortSignal,
): Promise<Sighting[]> {
  const timeline: Sighting[] = [];
  for await (const { sightings } of readDump(input, { summary, signal }))
    for (const sighting of sightings) timeline.push(...spread(sighting));
  return timeline.sort((a, b) => a.at - b.at);
}

function spread({ event, deleted, at, points = [] }: Sighting): Sighting[] {
  const earlier = points.map((point) => ({
    event: restoreState(event, point),
    deleted: false,
    at: point.at,
  }));
  return [...earlier, { event, deleted, at }];
}

/**
 * A state of the Event that leaves just this point behind: what an update said before a later one, of which only the point was kept. It has no
 * resourceVersion, so that it never counts as later than the state it is made from.
 */
export function restoreState(event: Event, { count, series, at, message }: OccurrencePoint): Event {
  const state = { ...event, message, resourceVersion: '' };
  return series
    ? { ...state, series: { count, lastObservedTime: at } }
    : { ...state, series: undefined, count, lastTimestamp: at };
}
