import type { DatabaseSync } from 'node:sqlite';
import { compareEvents, compareText } from '../../events/compare-events.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { happenedAt, lastHappenedAt } from '../../events/event-time.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { NumberedEvent } from '../../events/numbered-event.ts';
import type { EventQuery } from '../../events/query.ts';
import type { EventNumbers } from './event-numbers.ts';
import { inSnapshot } from './in-transaction.ts';
import { planQuery, type QueryPlan } from './plan-query.ts';
import type { NameReader } from './read-names.ts';
import { arrays } from './read-names.ts';
import {
  createRecordReader,
  openRecord,
  RECORD_COLUMNS,
  type RecordRow,
  type StoredRecord,
} from './read-rows.ts';

/** Rows read at a time: what a page costs in memory, and how long a reader keeps a moment's view of the store. */
const PAGE_ROWS = 1_000;
const FEWEST_ROWS = 64;
/** Entries of the index of times read at a time. */
const INDEX_ROWS = 4_000;

/**
 * Reads the matching Events in time order, page by page; each page is of the moment it is read, and no transaction stays open between two.
 * An Event that changes meanwhile is given once, where it stands when it is met.
 */
export function readEventPages(
  db: DatabaseSync,
  names: NameReader,
  query: EventQuery,
): Generator<readonly RecordedEvent[]> {
  return readSnapshots(db, readPages(db, names, query, openRecord));
}

/** The same, each with the number of its last change. */
export function readNumberedPages(
  db: DatabaseSync,
  names: NameReader,
  numbers: EventNumbers,
  query: EventQuery,
): Generator<readonly NumberedEvent[]> {
  const pages = readPages(db, names, query, (record, id) => ({
    record: openRecord(record),
    number: numbers.last(id),
  }));
  return readSnapshots(db, pages, numbers.update);
}

function* readSnapshots<T>(
  db: DatabaseSync,
  pages: Generator<readonly T[], void, undefined>,
  begin: () => void = () => {},
): Generator<readonly T[]> {
  for (;;) {
    // Retention may remove what rows name between two statements.
    const page = inSnapshot(db, () => {
      begin();
      return pages.next();
    });
    if (page.done === true) return;
    yield page.value;
  }
}

function* readPages<T>(
  db: DatabaseSync,
  names: NameReader,
  query: EventQuery,
  finish: (record: StoredRecord, id: number) => T,
): Generator<readonly T[], void, undefined> {
  const plan = planQuery(db, query);
  const matches = matchQuery(query);
  const readRecord = createRecordReader(db, names);
  const given = createIdSet();
  const { limit } = query;

  function readMatching(group: readonly RecordRow[]): T[] {
    const found = [];
    for (const row of group) {
      if (!given.add(row[0])) continue;
      const record = readRecord(row);
      if (matches(record)) found.push(placeInTime(record, row[0]));
    }
    return found.sort(comparePlaced).map(({ record, id }) => finish(record, id));
  }

  if (limit !== undefined) {
    const newest = limit > 0 ? takeNewest(readGroups(db, plan, 'DESC', limit), readMatching, limit) : [];
    if (newest.length > 0) yield newest;
    return;
  }
  for (const group of readGroups(db, plan, 'ASC')) {
    const page = readMatching(group);
    if (page.length > 0) yield page;
  }
}

function takeNewest<T>(
  groups: Iterable<RecordRow[]>,
  readMatching: (group: readonly RecordRow[]) => T[],
  limit: number,
): T[] {
  const pages: T[][] = [];
  let count = 0;
  for (const group of groups) {
    const page = readMatching(group);
    pages.push(page);
    count += page.length;
    if (count >= limit) break;
  }
  return pages
    .toReversed()
    .flat()
    .slice(Math.max(0, count - limit));
}

/** A record with its times, read but once for sorting. */
interface PlacedRecord {
  readonly record: StoredRecord;
  readonly id: number;
  readonly last: number;
  readonly first: number;
}

function placeInTime(record: StoredRecord, id: number): PlacedRecord {
  return { record, id, last: lastHappenedAt(record.event), first: happenedAt(record.event) };
}

/** As `compareRecordedEvents` does. */
function comparePlaced(a: PlacedRecord, b: PlacedRecord): number {
  return a.last - b.last || a.first - b.first || compareRecords(a.record, b.record);
}

function compareRecords(a: StoredRecord, b: StoredRecord): number {
  return compareEvents(a.event, b.event) || compareText(a.cluster, b.cluster);
}

type Order = 'ASC' | 'DESC';

/**
 * Rows in the order of their seconds, whole seconds at a time.
 *
 * @param wanted so many are wanted at least: of the first group there are not many more
 */
function readGroups(
  db: DatabaseSync,
  plan: QueryPlan,
  order: Order,
  wanted = PAGE_ROWS,
): Iterable<RecordRow[]> {
  const { path } = plan;
  if (path.by === 'nothing') return [];
  if (path.by === 'ids') return readByIds(db, path.events, plan, order, wanted);
  if (path.by === 'time' && path.among !== undefined) return readAmong(db, path.among, plan, order, wanted);
  return readByTime(db, plan, order, wanted);
}

function readByTime(db: DatabaseSync, plan: QueryPlan, order: Order, wanted: number): Iterable<RecordRow[]> {
  const { path, sayings } = plan;
  const conditions = ['last >= ?1', 'last <= ?2'];
  if (path.by === 'space') conditions.push('space = ?4');
  if (sayings !== undefined) conditions.push('saying IN (SELECT value FROM json_each(?5))');
  const select = arrays(
    db,
    `SELECT ${RECORD_COLUMNS} FROM events INDEXED BY ${path.by === 'space' ? 'events_by_space' : 'events_by_time'}
     WHERE ${conditions.join(' AND ')} ORDER BY last ${order} LIMIT ?3`,
  );
  const extra: (number | string | null)[] = path.by === 'space' ? [path.space] : [];
  if (sayings !== undefined) extra.push(...(extra.length === 0 ? [null] : []), JSON.stringify(sayings));
  const read = (low: number, high: number, rows: number) =>
    select.all(low, high, rows, ...extra) as unknown as RecordRow[];
  // A row more than wanted shows where a second ends.
  const first = Math.min(PAGE_ROWS, Math.max(FEWEST_ROWS, 2 * wanted));
  return readSeconds(read, plan, order, first, PAGE_ROWS);
}

/**
 * Reads rows in the order of their seconds, whole seconds at a time; a second may hold many.
 *
 * @param read gives so many rows from one second to another, the second as each row's second column
 * @param first how many rows are asked for at first, `then` later
 */
function* readSeconds<Row extends readonly [number, number, ...unknown[]]>(
  read: (low: number, high: number, rows: number) => Row[],
  { since, until }: Pick<QueryPlan, 'since' | 'until'>,
  order: Order,
  first: number,
  then: number,
): Generator<Row[]> {
  let [low, high] = [since, until];
  for (let rows = first; ; ) {
    const page = read(low, high, rows);
    if (page.length < rows) {
      yield page;
      return;
    }
    const edge = page.at(-1)?.[1] ?? 0;
    const whole = page.filter(([, last]) => last !== edge);
    if (whole.length === 0) rows *= 4;
    else {
      yield whole;
      rows = then;
      if (order === 'ASC') low = edge;
      else high = edge;
    }
  }
}

/** Of many Events those that come first in time: found in the index of times, which holds their ids, so that no other rows are read. */
function* readAmong(
  db: DatabaseSync,
  events: readonly number[],
  plan: QueryPlan,
  order: Order,
  wanted: number,
): Generator<RecordRow[]> {
  const among = createIdSet();
  for (const id of events) among.add(id);
  const times = arrays(
    db,
    `SELECT id, last FROM events INDEXED BY events_by_time
     WHERE last >= ?1 AND last <= ?2 ORDER BY last ${order} LIMIT ?3`,
  );
  const read = (low: number, high: number, rows: number) =>
    times.all(low, high, rows) as unknown as [number, number][];
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const allowed = plan.sayings === undefined ? undefined : new Set(plan.sayings);
  let page: RecordRow[] = [];
  for (const seconds of readSeconds(read, plan, order, INDEX_ROWS, INDEX_ROWS)) {
    for (const [id] of seconds) {
      const row = among.has(id) ? (select.get(id) as unknown as RecordRow | undefined) : undefined;
      if (row !== undefined && allowed?.has(row[3]) !== false) page.push(row);
    }
    if (page.length < wanted) continue;
    yield page;
    page = [];
  }
  yield page;
}

function* readByIds(
  db: DatabaseSync,
  events: readonly number[],
  plan: QueryPlan,
  order: Order,
  wanted: number,
): Generator<RecordRow[]> {
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const allowed = plan.sayings === undefined ? undefined : new Set(plan.sayings);
  const ids = order === 'ASC' ? events : events.toReversed();
  let page: RecordRow[] = [];
  // Nearly all of them match.
  let rows = Math.min(PAGE_ROWS, Math.max(FEWEST_ROWS, Math.ceil(1.1 * wanted)));
  for (const id of ids) {
    const row = select.get(id) as unknown as RecordRow | undefined;
    if (row === undefined || row[1] < plan.since || row[1] > plan.until) continue;
    if (allowed?.has(row[3]) === false) continue;
    if (page.length >= rows && page.at(-1)?.[1] !== row[1]) {
      yield page;
      page = [];
      rows = PAGE_ROWS;
    }
    page.push(row);
  }
  yield page;
}

/** A set of row ids in one bit each. */
function createIdSet() {
  let bits = new Uint8Array(1024);
  return {
    /** Whether it was not in there yet. */
    add(id: number): boolean {
      const at = Math.floor(id / 8);
      if (at >= bits.length) {
        const larger = new Uint8Array(Math.max(bits.length * 2, at + 1));
        larger.set(bits);
        bits = larger;
      }
      const bit = 1 << (id % 8);
      const byte = bits[at] ?? 0;
      bits[at] = byte | bit;
      return (byte & bit) === 0;
    },
    has: (id: number): boolean => ((bits[Math.floor(id / 8)] ?? 0) & (1 << (id % 8))) !== 0,
  };
}
