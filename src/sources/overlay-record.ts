import { compareRecordedEvents } from '../events/compare-events.ts';
import type { Event, RecordedEvent } from '../events/event.ts';
import { happenedAt } from '../events/event-time.ts';
import { identify } from '../events/identity.ts';
import { matchQuery } from '../events/matches-query.ts';
import { mergeRecords } from '../events/merge-records.ts';
import type { EventQuery, EventReader, ObjectFilter } from '../events/query.ts';
import { HOUR, type Micros, type MicrosLength } from '../lib/time.ts';
import { limitPages } from './limit-pages.ts';
import { mergePages } from './merge-pages.ts';

/** Events that go back further are looked for in the record by what they are about; those since, by their time. */
const RECENT: MicrosLength = 2 * HOUR;
const OBJECTS_AT_ONCE = 50;

/**
 * The conditions of a query that no repeat of an Event changes. What is asked of messages and times must be judged on all that is known of an
 * Event, and so after its repeats were put together.
 */
export function keepLastingConditions(query: EventQuery): EventQuery {
  const {
    since: _since,
    until: _until,
    lastUntil: _lastUntil,
    grep: _grep,
    text: _text,
    limit: _limit,
    ...lasting
  } = query;
  return lasting;
}

/**
 * What is live, joined with the record of the same cluster: an Event that both hold is told once, in its later state and with all its
 * repeats. Holds what is live in memory, and nothing of the record.
 *
 * @param live all live Events to which the query's lasting conditions apply
 * @param record undefined when there is none
 */
export async function* overlayRecord(
  live: readonly RecordedEvent[],
  record: EventReader | undefined,
  query: EventQuery,
  signal?: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  const joined = new Map(live.map((one) => [identify(one.event), one]));
  if (record !== undefined) await addCounterparts(joined, record, query, signal);
  const shown = [...joined.values()].filter(matchQuery(query)).sort(compareRecordedEvents);
  const { limit, ...unlimited } = query;
  const rest =
    record === undefined
      ? noPages()
      : withoutKnown(
          record.readEvents(
            limit === undefined ? unlimited : { ...query, limit: limit + joined.size },
            signal,
          ),
          joined,
        );
  yield* limitPages(mergePages([onePage(shown), rest], compareRecordedEvents), limit);
}

/** Adds what the record knows of the very same Events. */
async function addCounterparts(
  joined: Map<string, RecordedEvent>,
  record: EventReader,
  query: EventQuery,
  signal: AbortSignal | undefined,
): Promise<void> {
  const lasting = keepLastingConditions(query);
  const events = [...joined.values()].map(({ event }) => event);
  const newest = events.reduce<Micros>((latest, event) => Math.max(latest, happenedAt(event)), 0);
  const isRecent = (event: Event) => happenedAt(event) >= newest - RECENT;
  const recent = events.filter(isRecent);
  const questions: EventQuery[] = [];
  if (recent.length > 0)
    questions.push({
      ...lasting,
      since: recent.reduce((first, event) => Math.min(first, floorToSecond(event)), newest),
    });
  const objects = listObjects(events.filter((event) => !isRecent(event)));
  for (let at = 0; at < objects.length; at += OBJECTS_AT_ONCE)
    questions.push({ ...lasting, for: objects.slice(at, at + OBJECTS_AT_ONCE) });
  for (const question of questions)
    for await (const page of record.readEvents(question, signal))
      for (const one of page) addKnown(joined, one);
}

function addKnown(joined: Map<string, RecordedEvent>, recorded: RecordedEvent): void {
  const id = identify(recorded.event);
  const live = joined.get(id);
  if (live !== undefined) joined.set(id, mergeRecords(live, recorded));
}

/** Old-style times are whole seconds: what happened first within a second may count as last seen at its beginning. */
function floorToSecond(event: Event): Micros {
  return happenedAt(event) - 1_000_000;
}

function listObjects(events: readonly Event[]): ObjectFilter[] {
  const objects = new Map<string, ObjectFilter>();
  for (const {
    involvedObject: { kind, name },
  } of events)
    objects.set(`${kind}/${name}`, { kind, name });
  return [...objects.values()];
}

async function* withoutKnown(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  joined: ReadonlyMap<string, RecordedEvent>,
): AsyncGenerator<readonly RecordedEvent[]> {
  for await (const page of pages) yield page.filter(({ event }) => !joined.has(identify(event)));
}

async function* onePage<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}

async function* noPages(): AsyncGenerator<readonly RecordedEvent[]> {}
