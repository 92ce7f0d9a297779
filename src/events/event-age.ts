import type { Micros } from '../lib/time.ts';
import type { Event } from './event.ts';
import { formatHumanDuration } from './human-duration.ts';

/** How long ago a time was, as kubectl prints it; `<unknown>` when there is none. */
export function formatAge(time: Micros | undefined, now: Micros): string {
  return time === undefined ? '<unknown>' : formatHumanDuration(now - time);
}

/**
 * The Age of `kubectl describe` and the LAST SEEN of `kubectl events`: `4m26s (x8 over 15m)` for what happened repeatedly, else how long
 * ago it happened first. (kubectl `pkg/describe` DescribeEvents, `pkg/cmd/events` getInterval.)
 */
export function formatDescribeAge(event: Event, now: Micros): string {
  const { series, count } = event;
  const first = formatAge(event.eventTime ?? event.firstTimestamp, now);
  if (series !== undefined)
    return `${formatAge(series.lastObservedTime, now)} (x${series.count} over ${first})`;
  return count > 1 ? `${formatAge(event.lastTimestamp, now)} (x${count} over ${first})` : first;
}

/** The LAST SEEN of `kubectl get events`. (Kubernetes `pkg/printers/internalversion` printEvent.) */
export function formatLastSeenAge(event: Event, now: Micros): string {
  if (event.series !== undefined) return formatAge(event.series.lastObservedTime, now);
  return formatAge(event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime, now);
}

/** The FIRST SEEN of `kubectl get events -o wide`. */
export function formatFirstSeenAge(event: Event, now: Micros): string {
  return formatAge(event.firstTimestamp ?? event.eventTime, now);
}
