import { type Micros, SECOND } from '../lib/time.ts';
import type { Event } from './event.ts';

export { formatMicroTime, formatTime, parseTime } from '../lib/rfc3339.ts';

const HEX_NAME = /\.([0-9a-f]{1,8})([0-9a-f]{8})$/;

/** When it was first seen, as written: eventTime, else firstTimestamp, else the earlier of creationTimestamp and lastTimestamp. */
export function firstSeen(event: Event): Micros | undefined {
  const { eventTime, firstTimestamp, creationTimestamp, lastTimestamp } = event;
  if (eventTime !== undefined) return eventTime;
  if (firstTimestamp !== undefined) return firstTimestamp;
  if (creationTimestamp === undefined || lastTimestamp === undefined)
    return creationTimestamp ?? lastTimestamp;
  return Math.min(creationTimestamp, lastTimestamp);
}

/** When it was last seen, as written: series.lastObservedTime, else lastTimestamp, eventTime, firstTimestamp, creationTimestamp. */
export function lastSeen(event: Event): Micros | undefined {
  return (
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.firstTimestamp ??
    event.creationTimestamp
  );
}

/**
 * When it happened first, as precisely as is known; 0 when the Event holds no time at all.
 *
 * Emitters name an Event `OBJECT.HEX`, HEX being the Unix time in nanoseconds of its first happening (client-go, `tools/record/event.go`
 * and `tools/events/event_recorder.go`). It is believed when it lies within the second that firstTimestamp names; eventTime is precise by
 * itself. Names that end otherwise (a UUID where the object's name is very long, or by hand) leave firstTimestamp as it is.
 */
export function happenedAt(event: Event): Micros {
  if (event.eventTime !== undefined) return event.eventTime;
  const first = event.firstTimestamp;
  if (first === undefined) return firstSeen(event) ?? 0;
  const named = readName(event.name)?.micros;
  return named !== undefined && named >= first && named < first + SECOND ? named : first;
}

/** The nanoseconds, 0 to 999, that `happenedAt` cannot say: from the name where it is believed (near eventTime too), else 0. */
export function happenedNanos(event: Event): number {
  const named = readName(event.name);
  if (named === undefined) return 0;
  const { firstTimestamp: first, eventTime } = event;
  const isFirst = first !== undefined && named.micros >= first && named.micros < first + SECOND;
  const isNear = eventTime !== undefined && Math.abs(named.micros - eventTime) < SECOND;
  return isFirst || isNear ? named.nanos : 0;
}

/**
 * When it happened last, as precisely as is known; 0 when the Event holds no time at all. This is what Events are ordered by.
 *
 * Times of the old style are whole seconds: a time within that second is known only when the first happening lies in it too (as for all that
 * happened once), else it counts as the beginning of its second.
 */
export function lastHappenedAt(event: Event): Micros {
  const seen = lastSeen(event);
  if (seen === undefined) return 0;
  if (event.series?.lastObservedTime !== undefined) return seen;
  const first = happenedAt(event);
  return first > seen && first < seen + SECOND && seen % SECOND === 0 ? first : seen;
}

/** The time in nanoseconds that the name ends in, in two parts: 64 bits do not fit a number. */
function readName(name: string): { readonly micros: Micros; readonly nanos: number } | undefined {
  const match = HEX_NAME.exec(name);
  if (match === null) return undefined;
  const high = Number.parseInt(match[1] ?? '', 16);
  // 2^32 ns are 4,294,967 µs and 296 ns.
  const rest = high * 296 + Number.parseInt(match[2] ?? '', 16);
  return { micros: high * 4_294_967 + Math.floor(rest / 1_000), nanos: rest % 1_000 };
}
