import { compareRecordedEvents } from '../events/compare-events.ts';
import type { Event, RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import type { EventQuery, EventReader } from '../events/query.ts';
import { badCursor, type CursorContent, formatCursor, parseCursor } from './cursor.ts';

export interface EventPage {
  /** In time order. */
  readonly records: readonly RecordedEvent[];
  readonly next: string | null;
}

/** Fields of an Event that its place in the order of time is made of. */
const PLACE = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'firstTimestamp',
  'lastTimestamp',
  'eventTime',
] as const;

/**
 * A page of the matching Events in time order.
 *
 * @param order `newest`: the first page holds the newest, the next one those before; `oldest`: the other way round
 * @throws HarkError `bad-cursor`
 */
export async function readEventPage(
  reader: Pick<EventReader, 'readEvents'>,
  query: EventQuery,
  order: 'newest' | 'oldest',
  limit: number,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<EventPage> {
  const edge = cursor === undefined ? undefined : parseEdge(order, cursor);
  const found =
    order === 'newest'
      ? await readBefore(reader, query, limit + 1, edge, signal)
      : await readAfter(reader, query, limit + 1, edge, signal);
  if (found.length <= limit) return { records: found, next: null };
  const records = order === 'newest' ? found.slice(1) : found.slice(0, limit);
  const last = order === 'newest' ? records[0] : records.at(-1);
  return { records, next: last === undefined ? null : formatEdge(order, last) };
}

async function readBefore(
  reader: Pick<EventReader, 'readEvents'>,
  query: EventQuery,
  wanted: number,
  edge: RecordedEvent | undefined,
  signal: AbortSignal,
): Promise<RecordedEvent[]> {
  const lastUntil = edge === undefined ? {} : { lastUntil: lastHappenedAt(edge.event) };
  // Of those that were last seen at the same moment as the edge, some may have been given.
  for (let limit = edge === undefined ? wanted : wanted + 16; ; limit *= 2) {
    const all = await collect(reader.readEvents({ ...query, ...lastUntil, limit }, signal));
    const before = edge === undefined ? all : all.filter((one) => compareRecordedEvents(one, edge) < 0);
    if (before.length >= wanted || all.length < limit) return before.slice(-wanted);
  }
}

async function readAfter(
  reader: Pick<EventReader, 'readEvents'>,
  query: EventQuery,
  wanted: number,
  edge: RecordedEvent | undefined,
  signal: AbortSignal,
): Promise<RecordedEvent[]> {
  const from = edge === undefined ? undefined : lastHappenedAt(edge.event);
  const since = from === undefined ? query.since : Math.max(query.since ?? from, from);
  const found: RecordedEvent[] = [];
  for await (const page of reader.readEvents({ ...query, ...(since !== undefined && { since }) }, signal))
    for (const record of page) {
      if (edge !== undefined && compareRecordedEvents(record, edge) <= 0) continue;
      found.push(record);
      if (found.length === wanted) return found;
    }
  return found;
}

async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** The cursor of what comes after an Event. */
export function formatEdge(order: 'newest' | 'oldest', { cluster, event }: RecordedEvent): string {
  const { series } = event;
  return formatCursor(`events-${order}`, {
    c: cluster,
    e: PLACE.map((field) => event[field] ?? null),
    s: series?.lastObservedTime ?? null,
  });
}

/** The Event at the edge, as far as its place tells. */
function parseEdge(order: string, cursor: string): RecordedEvent {
  const content: CursorContent = parseCursor(`events-${order}`, cursor);
  const { c, e, s } = content;
  if (typeof c !== 'string' || !Array.isArray(e) || e.length !== PLACE.length) throw badCursor(cursor);
  const place = Object.fromEntries(PLACE.map((field, index) => [field, e[index] ?? undefined]));
  const series = typeof s === 'number' ? { count: 0, lastObservedTime: s } : undefined;
  for (const field of PLACE.slice(0, 4)) if (typeof place[field] !== 'string') throw badCursor(cursor);
  for (const field of PLACE.slice(4))
    if (place[field] !== undefined && typeof place[field] !== 'number') throw badCursor(cursor);
  return { cluster: c, event: { ...place, series } as unknown as Event } as RecordedEvent;
}
