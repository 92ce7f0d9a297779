import { compareRecordedEvents } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import type { EventQuery, EventReader } from '../events/query.ts';

type Reader = Pick<EventReader, 'readEvents'>;
type IsWanted = (record: RecordedEvent) => boolean;

/** The newest Events that stand before the edge, so many, in time order. */
export async function readBefore(
  reader: Reader,
  query: EventQuery,
  wanted: number,
  edge: RecordedEvent | undefined,
  isWanted: IsWanted,
  signal: AbortSignal,
): Promise<RecordedEvent[]> {
  const lastUntil = edge === undefined ? {} : { lastUntil: lastHappenedAt(edge.event) };
  // Of those that were last seen at the same moment as the edge, some may have been given.
  for (let limit = edge === undefined ? wanted : wanted + 16; ; limit *= 2) {
    const all = await collect(reader.readEvents({ ...query, ...lastUntil, limit }, signal));
    const before = all.filter(
      (one) => (edge === undefined || compareRecordedEvents(one, edge) < 0) && isWanted(one),
    );
    if (before.length >= wanted || all.length < limit) return before.slice(-wanted);
  }
}

/** The oldest Events that stand after the edge, so many, in time order. */
export async function readAfter(
  reader: Reader,
  query: EventQuery,
  wanted: number,
  edge: RecordedEvent | undefined,
  isWanted: IsWanted,
  signal: AbortSignal,
): Promise<RecordedEvent[]> {
  const from = edge === undefined ? undefined : lastHappenedAt(edge.event);
  const since = from === undefined ? query.since : Math.max(query.since ?? from, from);
  const found: RecordedEvent[] = [];
  for await (const page of reader.readEvents({ ...query, ...(since !== undefined && { since }) }, signal))
    for (const record of page) {
      if ((edge !== undefined && compareRecordedEvents(record, edge) <= 0) || !isWanted(record)) continue;
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
