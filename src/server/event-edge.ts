import type { Event, RecordedEvent } from '../events/event.ts';
import { badCursor, type CursorContent } from './cursor.ts';

/** Fields of an Event that its place in the order of time is made of: texts, then times. */
const TEXTS = ['name', 'namespace', 'uid', 'resourceVersion'] as const;
const TIMES = ['creationTimestamp', 'firstTimestamp', 'lastTimestamp', 'eventTime'] as const;

/** The place of an Event in the order of time, as part of a cursor. */
export function formatEdge({ cluster, event }: RecordedEvent): CursorContent {
  return {
    c: cluster,
    e: [...TEXTS, ...TIMES].map((field) => event[field] ?? null),
    s: event.series?.lastObservedTime ?? null,
  };
}

/**
 * An Event that stands where the one stood of which the cursor was made; it holds nothing else.
 *
 * @throws HarkError `bad-cursor`
 */
export function parseEdge({ c, e, s }: CursorContent, cursor: string): RecordedEvent {
  if (typeof c !== 'string' || !Array.isArray(e)) throw badCursor(cursor);
  const place: Record<string, unknown> = {};
  for (const [index, field] of [...TEXTS, ...TIMES].entries()) {
    const value: unknown = e[index] ?? undefined;
    const isFine = index < TEXTS.length ? typeof value === 'string' : isTime(value);
    if (!isFine) throw badCursor(cursor);
    place[field] = value;
  }
  const series = typeof s === 'number' ? { count: 0, lastObservedTime: s } : undefined;
  const event = { ...place, series } as unknown as Event;
  return { cluster: c, event, occurrences: [], points: [], deletedAt: undefined };
}

function isTime(value: unknown): boolean {
  return value === undefined || Number.isSafeInteger(value);
}
