import type { Event, OccurrencePoint } from '../events/event.ts';

/**
 * A state of the Event that leaves just this point behind: what an update said before a later one, of which only the point was kept.
 * It has no resourceVersion, so that it never counts as later than the state it is made from.
 */
export function restoreState(event: Event, point: OccurrencePoint): Event {
  const { count, at, message } = point;
  const state = { ...event, message, resourceVersion: '' };
  return point.series
    ? { ...state, series: { count, lastObservedTime: at } }
    : { ...state, series: undefined, count, lastTimestamp: at };
}
