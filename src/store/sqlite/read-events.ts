import type { DatabaseSync } from 'node:sqlite';
import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { EventQuery } from '../../events/query.ts';
import { planQuery, type QueryPlan } from './plan-query.ts';
import type { NameReader } from './read-names.ts';
import { arrays } from './read-names.ts';
import { createRecordReader, RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

/** Rows read at a time: what a page costs in memory, and how long a reader keeps a moment's view of the store. */
const PAGE_ROWS = 1_000;

/**
 * Reads the matching Events in time order, page by page; each page is of the moment it is read, and no transaction stays open between two.
 * An Event that changes meanwhile is given once, where it stands when it is met.
 */
export function* readEventPages(
  db: DatabaseSync,
  names: NameReader,
  query: EventQuery,
): Generator<readonly RecordedEvent[]> {
  const plan = planQuery(db, query);
  const matches = matchQuery(query);
  const readRecord = createRecordReader(db, names);
  const given = createIdSet();
  const { limit } = query;
  if (limit !== undefined) {
    yield* readNewest(db, plan, (row) => keepMatching(readRecord(row), matches), limit);
    return;
  }
  for (const group of readGroups(db, plan, 'ASC')) {
    const page = group
      .filter(([id]) => given.add(id))
      .map(readRecord)
      .filter(matches)
      .sort(compareRecordedEvents);
    if (page.length > 0) yield page;
  }
}

function keepMatching(record: RecordedEvent, matches: (record: RecordedEvent) => boolean) {
  return matches(record) ? record : undefined;
}

function* readNewest(
  db: DatabaseSync,
  plan: QueryPlan,
  read: (row: RecordRow) => RecordedEvent | undefined,
  limit: number,
): Generator<readonly RecordedEvent[]> {
  const given = createIdSet();
  const newest: RecordedEvent[] = [];
  if (limit > 0) {
    for (const group of readGroups(db, plan, 'DESC')) {
      const page = group
        .filter(([id]) => given.add(id))
        .flatMap((row) => read(row) ?? [])
        .sort((a, b) => compareRecordedEvents(b, a));
      newest.push(...page);
      if (newest.length >= limit) break;
    }
  }
  const page = newest.slice(0, limit).reverse();
  if (page.length > 0) yield page;
}

type Order = 'ASC' | 'DESC';

/** Rows in the order of their seconds, whole seconds at a time. */
function readGroups(db: DatabaseSync, plan: QueryPlan, order: Order): Iterable<RecordRow[]> {
  const { path } = plan;
  if (path.by === 'nothing') return [];
  return path.by === 'ids' ? readByIds(db, path.events, plan, order) : readByTime(db, plan, order);
}

function* readByTime(db: DatabaseSync, plan: QueryPlan, order: Order): Generator<RecordRow[]> {
  const isUp = order === 'ASC';
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
  let [low, high] = [plan.since, Number.MAX_SAFE_INTEGER];
  for (let rows = PAGE_ROWS; ; ) {
    const page = select.all(low, high, rows, ...extra) as unknown as RecordRow[];
    if (page.length < rows) {
      yield page;
      return;
    }
    const edge = page.at(-1)?.[1] ?? 0;
    const whole = page.filter(([, last]) => last !== edge);
    if (whole.length === 0) rows *= 4;
    else {
      yield whole;
      rows = PAGE_ROWS;
      if (isUp) low = edge;
      else high = edge;
    }
  }
}

function* readByIds(
  db: DatabaseSync,
  events: readonly number[],
  plan: QueryPlan,
  order: Order,
): Generator<RecordRow[]> {
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const allowed = plan.sayings === undefined ? undefined : new Set(plan.sayings);
  const ids = order === 'ASC' ? events : events.toReversed();
  let page: RecordRow[] = [];
  for (const id of ids) {
    const row = select.get(id) as unknown as RecordRow | undefined;
    if (row === undefined || row[1] < plan.since || allowed?.has(row[3]) === false) continue;
    if (page.length >= PAGE_ROWS && page.at(-1)?.[1] !== row[1]) {
      yield page;
      page = [];
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
  };
}
