import type { Event, RecordedEvent } from './event.ts';
import { happenedAt, happenedNanos, lastHappenedAt } from './event-time.ts';
import { compareResourceVersions } from './resource-version.ts';

/**
 * Hark's time order, oldest first. Decided by, in turn:
 *
 * 1. `lastHappenedAt`: when it was last seen; within the second where the name tells
 * 2. `happenedAt`, then `happenedNanos`: when it happened first, to the nanosecond by its name
 * 3. resourceVersion, as a number
 * 4. namespace, name, uid
 *
 * A store that keeps these as columns can sort by them and gets the same order.
 */
export function compareEvents(a: Event, b: Event): number {
  return (
    lastHappenedAt(a) - lastHappenedAt(b) ||
    happenedAt(a) - happenedAt(b) ||
    happenedNanos(a) - happenedNanos(b) ||
    compareResourceVersions(a.resourceVersion, b.resourceVersion) ||
    compareText(a.namespace, b.namespace) ||
    compareText(a.name, b.name) ||
    compareText(a.uid, b.uid)
  );
}

/** `compareEvents`, and the cluster's uid where all else is the same. */
export function compareRecordedEvents(a: RecordedEvent, b: RecordedEvent): number {
  return compareEvents(a.event, b.event) || compareText(a.cluster, b.cluster);
}

/** By UTF-16 code units, as no locale would. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
