import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../../events/event.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { EventQuery } from '../../events/query.ts';
import { type Change, createChangeReader, createLatestChangeReader, readLatestChange } from './changes.ts';
import { inSnapshot } from './in-transaction.ts';
import { readEventPages } from './read-events.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createRecordReader, openRecord, RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

const PAGE = 1_000;
/** Above this, what need not be remembered any more is looked for. */
const MOST_REMEMBERED = 100_000;

/**
 * Yields the matching Events as they change. Other processes' commits are noticed by looking for a change every `everyMs`, which costs
 * microseconds.
 *
 * The place in the log of changes where it starts is taken when it is called, not when the first page is asked for.
 */
export function followChanges(
  db: DatabaseSync,
  names: NameReader,
  query: EventQuery,
  signal: AbortSignal,
  everyMs: number,
): AsyncIterable<readonly RecordedEvent[]> {
  const { limit: _, ...unlimited } = query;
  return follow(db, names, unlimited, signal, everyMs, readLatestChange(db));
}

async function* follow(
  db: DatabaseSync,
  names: NameReader,
  query: EventQuery,
  signal: AbortSignal,
  everyMs: number,
  start: number,
): AsyncGenerator<readonly RecordedEvent[]> {
  const readChange = createChangeReader(db);
  const teller = createTeller(db, names, query);
  for (let place = start; !signal.aborted; ) {
    const change = readChange(place);
    if (change === undefined) await delay(everyMs, undefined, { signal }).catch(() => undefined);
    else if (change === 'gone') {
      place = readLatestChange(db);
      for (const page of readEventPages(db, names, query)) {
        if (signal.aborted) return;
        yield page;
      }
    } else {
      for (const page of teller.tell(change)) {
        if (page.length > 0) yield page;
        if (signal.aborted) return;
      }
      place = change.upto;
    }
  }
}

/**
 * Reads what changed. Rows are read later than the change is, and may hold later changes already: which, is remembered, so that these are not
 * told a second time.
 */
function createTeller(db: DatabaseSync, names: NameReader, query: EventQuery) {
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const readLatest = createLatestChangeReader(db);
  const readRecord = createRecordReader(db, names);
  const matches = matchQuery(query);
  /** Up to which change each Event was told, while there are changes that were not looked at. */
  const told = new Map<number, number>();
  let latest = 0;

  function read(events: readonly number[], upto: number): RecordedEvent[] {
    return inSnapshot(db, () => {
      latest = readLatest();
      const fresh = events.filter((id) => (told.get(id) ?? 0) < upto);
      for (const id of fresh) told.set(id, latest);
      return fresh
        .map((id) => select.get(id) as unknown as RecordRow | undefined)
        .filter((row) => row !== undefined)
        .map(readRecord)
        .filter(matches)
        .map(openRecord);
    });
  }
  function forgetUpTo(upto: number): void {
    if (upto >= latest) told.clear();
    else if (told.size > MOST_REMEMBERED) for (const [id, known] of told) if (known <= upto) told.delete(id);
  }

  return {
    *tell({ events, upto }: Change): Generator<RecordedEvent[]> {
      for (let at = 0; at < events.length; at += PAGE) yield read(events.slice(at, at + PAGE), upto);
      forgetUpTo(upto);
    },
  };
}
