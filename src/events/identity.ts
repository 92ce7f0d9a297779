import type { Micros } from '../lib/time.ts';
import type { Event } from './event.ts';

/**
 * What makes two states the same Event within a cluster: namespace, name and firstTimestamp (or eventTime), as
 * `namespace/name@microseconds`.
 *
 * Not the uid: an expired Event that happens again is created anew under the same name, with the same firstTimestamp and a count that goes
 * on, but with a new uid. An Event that holds neither time falls back to creationTimestamp, then to its uid (`namespace/name@uid:…`).
 */
export function identify(event: Event): string {
  return `${escapeSlash(event.namespace)}/${event.name}@${identifyingTime(event)}`;
}

/** Whether `identify` gives the same for both; without making a string. */
export function isSameEvent(a: Event, b: Event): boolean {
  return a.name === b.name && a.namespace === b.namespace && identifyingTime(a) === identifyingTime(b);
}

function identifyingTime(event: Event): Micros | string {
  return event.firstTimestamp ?? event.eventTime ?? event.creationTimestamp ?? `uid:${event.uid}`;
}

/** No namespace holds a slash, but anything can be written into a file. */
function escapeSlash(namespace: string): string {
  return namespace.includes('/') || namespace.includes('%') ? encodeURIComponent(namespace) : namespace;
}
