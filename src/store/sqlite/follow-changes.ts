import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../../events/event.ts';
import { matchQuery } from '../../events/matches-query.ts';
import type { EventQuery } from '../../events/query.ts';
import { createChangeReader, readLatestChange } from './changes.ts';
import { readEventPages } from './read-events.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createRecordReader, openRecord, RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

const PAGE = 1_000;

/**
 * Yields the matching Events as they change. Other processes' commits are noticed by asking SQLite every `everyMs` whether there was one,
 * which costs microseconds.
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
  return follow(db, names, query, signal, everyMs, readLatestChange(db));
}

async function* follow(
  db: DatabaseSync,
  names: NameReader,
  query: EventQuery,
  signal: AbortSignal,
  everyMs: number,
  start: number,
): AsyncGenerator<readonly RecordedEvent[]> {
  const { limit: _, ...unlimited } = query;
  const readChanges = createChangeReader(db);
  const matches = matchQuery(unlimited);
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const readRecord = createRecordReader(db, names);
  for (let place = start; !signal.aborted; ) {
    const changes = readChanges(place);
    if (changes === undefined) {
      place = readLatestChange(db);
      yield* readEventPages(db, names, unlimited);
      continue;
    }
    place = changes.upto;
    if (changes.events.size === 0) await delay(everyMs, undefined, { signal }).catch(() => undefined);
    const ids = [...changes.events];
    for (let at = 0; at < ids.length && !signal.aborted; at += PAGE) {
      const records = readRecords(ids.slice(at, at + PAGE));
      if (records.length > 0) yield records;
    }
  }

  function readRecords(ids: readonly number[]): RecordedEvent[] {
    const rows = ids.map((id) => select.get(id) as unknown as RecordRow | undefined);
    return rows
      .filter((row) => row !== undefined)
      .map(readRecord)
      .filter(matches)
      .map(openRecord);
  }
}
