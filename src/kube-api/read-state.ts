import { compareRecordedEvents } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import { identify } from '../events/identity.ts';
import type { NumberedEvent } from '../events/numbered-event.ts';
import type { EventLog } from './kube-api.ts';
import type { ListWalk } from './list-walks.ts';
import type { EventSelection } from './select-events.ts';

/** What there is of a selection at a place in the record. */
export interface State {
  readonly place: number;
  /** In time order. */
  readonly items: AsyncIterable<readonly NumberedEvent[]>;
}

/** So many are held, so that the list is of one moment. */
const MOST_HELD = 10_000;

/**
 * Reads all that is selected. What fits into memory is given as it stands at the place; of what does not, Events that change while it is read may be
 * given in a state from after the place: whoever goes on from there is told that once more.
 */
export async function readState(
  log: EventLog,
  { query, matches }: EventSelection,
  signal: AbortSignal,
): Promise<State> {
  const place = await log.readPlace();
  const pages = log.readNumbered(query, signal)[Symbol.asyncIterator]();
  const held: NumberedEvent[] = [];
  for (;;) {
    const { done, value } = await pages.next();
    if (done === true) break;
    held.push(...value.filter(({ record }) => matches(record)));
    if (held.length <= MOST_HELD) continue;
    return { place, items: goOn(held, pages, matches) };
  }
  return await bringUpToDate(log, place, held, matches);
}

async function* goOn(
  held: readonly NumberedEvent[],
  pages: AsyncIterator<readonly NumberedEvent[]>,
  matches: EventSelection['matches'],
): AsyncGenerator<readonly NumberedEvent[]> {
  yield held;
  try {
    for (;;) {
      const { done, value } = await pages.next();
      if (done === true) return;
      yield value.filter(({ record }) => matches(record));
    }
  } finally {
    await pages.return?.();
  }
}

/** Takes in what changed while it was read. */
async function bringUpToDate(
  log: EventLog,
  begun: number,
  held: readonly NumberedEvent[],
  matches: EventSelection['matches'],
): Promise<State> {
  let place = begun;
  let items = held;
  for (;;) {
    const changed = await log.readChanged(place);
    // Somebody else empties the record: what was read is the best there is.
    if (changed === 'gone' || changed.upto === place) break;
    place = changed.upto;
    const news = changed.records.flatMap((record, index) =>
      record === undefined ? [] : [{ record, number: changed.numbers[index] ?? 0 }],
    );
    if (news.length === 0) continue;
    const newest = new Map([...items, ...news].map((item) => [keyAmongAll(item), item]));
    items = [...newest.values()].filter(({ record }) => matches(record)).sort(compareNumbered);
  }
  return {
    place,
    items: (async function* () {
      yield items;
    })(),
  };
}

/** Records of several clusters may be in the log. */
function keyAmongAll({ record }: NumberedEvent): string {
  return `${record.cluster}/${keyOf(record)}`;
}

function compareNumbered(a: NumberedEvent, b: NumberedEvent): number {
  return compareRecordedEvents(a.record, b.record);
}

/** A part of a long list. */
export interface StatePart {
  readonly items: readonly NumberedEvent[];
  /** Where the next part begins; undefined when this is the last. */
  readonly next: Edge | undefined;
}

/** The last Event that was given: when it happened last, and how many of that very moment were given. */
export interface Edge {
  readonly at: number;
  readonly count: number;
}

/**
 * Reads the next so many, in time order: each Event once, though it repeats meanwhile and moves to the end.
 *
 * @param walk what was given before; undefined when that is forgotten: then the edge alone says
 */
export async function readPart(
  log: Pick<EventLog, 'readNumbered'>,
  { query, matches }: EventSelection,
  limit: number,
  edge: Edge | undefined,
  walk: ListWalk | undefined,
  signal: AbortSignal,
): Promise<StatePart> {
  const items: NumberedEvent[] = [];
  const since = edge === undefined ? {} : { since: edge.at };
  let skip = walk === undefined ? (edge?.count ?? 0) : 0;
  for await (const page of log.readNumbered({ ...query, ...since }, signal))
    for (const item of page) {
      const { record } = item;
      if (!matches(record) || walk?.has(keyOf(record)) === true) continue;
      if (skip > 0 && lastHappenedAt(record.event) === edge?.at) {
        skip -= 1;
        continue;
      }
      if (items.length === limit) return { items, next: edgeOf(items, edge) };
      items.push(item);
      walk?.add(keyOf(record));
    }
  return { items, next: undefined };
}

function edgeOf(items: readonly NumberedEvent[], before: Edge | undefined): Edge {
  const times = items.map(({ record }) => lastHappenedAt(record.event));
  const at = times.at(-1) ?? 0;
  const count = times.filter((time) => time === at).length;
  return { at, count: before?.at === at ? count + before.count : count };
}

function keyOf({ event }: RecordedEvent): string {
  return identify(event);
}
