import { randomUUID } from 'node:crypto';
import { compareRecordedEvents } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import { happenedAt, lastHappenedAt } from '../events/event-time.ts';
import { matchQuery } from '../events/matches-query.ts';
import type { EventQuery } from '../events/query.ts';
import { createChangeReader, idOf } from '../follow/change-reader.ts';
import type { Micros } from '../lib/time.ts';
import type { Store } from '../store/store.ts';
import { badCursor, formatCursor, parseCursor } from './cursor.ts';
import { formatEdge, parseEdge } from './event-edge.ts';
import { readAfter, readBefore } from './event-pages.ts';

export type PageOrder = 'newest' | 'oldest';

export interface EventPage {
  /** In time order. */
  readonly records: readonly RecordedEvent[];
  /** The cursor of the next page; null when there is no more. */
  readonly next: string | null;
  /** Where the record stood when the page was read. */
  readonly place: number;
}

/** Walks through the matching Events, page by page, while they change. */
export interface EventWalks {
  /**
   * @param order `newest`: the first page holds the newest, the next one those before; `oldest`: the other way round
   * @throws HarkError `bad-cursor`
   */
  read(
    query: EventQuery,
    order: PageOrder,
    limit: number,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<EventPage>;
}

/** Which Events a walk gave on which page: a repeat moves an Event to where it would be given again, or not at all. */
type Given = Map<string, number>;

/** What a cursor says: where the walk stands, and where it began. */
interface Step {
  readonly walk: string;
  /** Of the page that is asked for; the first is 0. */
  readonly page: number;
  /** Where the record stood when the walk began. */
  readonly place: number;
  /** The latest happening there was then. */
  readonly latest: Micros;
  /** Undefined: all that stayed where it was has been given; what has moved is left. */
  readonly edge: RecordedEvent | undefined;
}

/** Walks that are remembered, and what they gave, all together: the least recently used is forgotten, and goes on by place alone. */
const MOST_WALKS = 1_000;
const MOST_GIVEN = 500_000;

export function createEventWalks(store: Pick<Store, 'readEvents' | 'readPlace' | 'readChanged'>): EventWalks {
  const walks = new Map<string, Given>();
  let remembered = 0;

  function open(id: string): Given | undefined {
    const given = walks.get(id);
    if (given === undefined) return undefined;
    walks.delete(id);
    walks.set(id, given);
    return given;
  }

  function note(id: string, page: number, records: readonly RecordedEvent[]): void {
    const known = open(id);
    const given: Given = known ?? new Map();
    // A walk that was forgotten is not remembered in part.
    if (known === undefined && page > 0) return;
    walks.set(id, given);
    const before = given.size;
    for (const record of records) {
      const key = idOf(record);
      if ((given.get(key) ?? page) >= page) given.set(key, page);
    }
    remembered += given.size - before;
    for (const [oldest, { size }] of walks) {
      if (walks.size <= MOST_WALKS && remembered <= MOST_GIVEN) break;
      walks.delete(oldest);
      remembered -= size;
    }
  }

  /** What was there when the walk began, was not given, and has moved to where the walk does not come. */
  async function readMoved(query: EventQuery, step: Step, given: Given): Promise<RecordedEvent[]> {
    const matches = matchQuery(query);
    const reader = createChangeReader(store, step.place);
    const moved = new Map<string, RecordedEvent>();
    for (
      let batch = await reader.next();
      batch !== undefined && batch !== 'gone';
      batch = await reader.next()
    )
      for (const record of batch.records) {
        if (record === undefined) continue;
        const key = idOf(record);
        const isGiven = (given.get(key) ?? step.page) < step.page;
        if (!isGiven && happenedAt(record.event) <= step.latest && matches(record)) moved.set(key, record);
      }
    return [...moved.values()].sort(compareRecordedEvents);
  }

  return {
    async read(query, order, limit, cursor, signal) {
      const place = await store.readPlace();
      const given = cursor === undefined ? undefined : parseStep(order, cursor);
      const first = { walk: makeId(), page: 0, place, latest: Number.NEGATIVE_INFINITY, edge: undefined };
      const step = given ?? first;
      const seen = open(step.walk);
      const isNew = (record: RecordedEvent) => (seen?.get(idOf(record)) ?? step.page) >= step.page;
      const isMain = given === undefined || step.edge !== undefined;
      const read = order === 'newest' ? readBefore : readAfter;
      const main = isMain ? await read(store, query, limit + 1, step.edge, isNew, signal) : [];
      const latest =
        given === undefined
          ? main.reduce((end, { event }) => Math.max(end, lastHappenedAt(event)), 0)
          : step.latest;
      const goOn = (records: readonly RecordedEvent[], edge: RecordedEvent | undefined): EventPage => {
        note(step.walk, step.page, records);
        return { records, next: formatStep(order, { ...step, page: step.page + 1, latest, edge }), place };
      };
      if (main.length > limit) {
        const records = order === 'newest' ? main.slice(1) : main.slice(0, limit);
        return goOn(records, order === 'newest' ? records[0] : records.at(-1));
      }
      if (order === 'oldest' || given === undefined || seen === undefined)
        return { records: main, next: null, place };
      const inMain = new Set(main.map(idOf));
      const moved = (await readMoved(query, step, seen)).filter((record) => !inMain.has(idOf(record)));
      if (moved.length === 0) return { records: main, next: null, place };
      if (main.length > 0) return goOn(main, undefined);
      return moved.length > limit
        ? goOn(moved.slice(0, limit), undefined)
        : { records: moved, next: null, place };
    },
  };
}

function formatStep(order: PageOrder, { walk, page, place, latest, edge }: Step): string {
  return formatCursor(`events-${order}`, {
    w: walk,
    n: page,
    p: place,
    l: latest,
    ...(edge !== undefined && formatEdge(edge)),
  });
}

function parseStep(order: PageOrder, cursor: string): Step {
  const content = parseCursor(`events-${order}`, cursor);
  const { w, n, p, l } = content;
  const numbers = [n, p, l].every((number) => Number.isSafeInteger(number));
  if (typeof w !== 'string' || !numbers) throw badCursor(cursor);
  const edge = content.c === undefined ? undefined : parseEdge(content, cursor);
  return { walk: w, page: n as number, place: p as number, latest: l as number, edge };
}

function makeId(): string {
  return randomUUID();
}
