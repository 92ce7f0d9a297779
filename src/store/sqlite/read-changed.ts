import type { DatabaseSync } from 'node:sqlite';
import type { ChangedEvents } from '../store.ts';
import { createChangeReader, readLatestChange } from './changes.ts';
import type { EventNumbers } from './event-numbers.ts';
import { inSnapshot } from './in-transaction.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createRecordReader, openRecord, RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

/** About so many changes are read at once: whole transactions, at least one. */
const MOST_CHANGES = 2_000;

/**
 * What changed after a place in the log of changes; 'gone' when the log does not go back that far.
 *
 * @param before the place up to which is read at most: one that was told of as `upto`
 */
export function readChanged(
  db: DatabaseSync,
  names: NameReader,
  numbers: EventNumbers,
  place: number,
  before = Number.POSITIVE_INFINITY,
): ChangedEvents | 'gone' {
  const readChange = createChangeReader(db);
  const select = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const readRecord = createRecordReader(db, names);
  return inSnapshot(db, () => {
    numbers.update();
    // A log that has been emptied, or a store that was replaced, knows less than the asker.
    if (readLatestChange(db) < place) return 'gone';
    const ids = new Map<number, number>();
    let upto = place;
    while (ids.size < MOST_CHANGES && upto < before) {
      const change = readChange(upto);
      if (change === 'gone') return 'gone';
      if (change === undefined) break;
      const start = change.upto - change.events.length + 1;
      for (const [index, id] of change.events.entries()) ids.set(id, start + index);
      upto = change.upto;
    }
    const later = findChangedLater(readChange, upto, ids);
    const records = [...ids.keys()].map((id) => {
      const row = later.has(id) ? undefined : (select.get(id) as unknown as RecordRow | undefined);
      return row === undefined ? undefined : openRecord(readRecord(row));
    });
    return { upto, records, numbers: [...ids.values()], firsts: [...ids.keys()].map(numbers.first) };
  });
}

/** Those of the Events that changed again after a place. */
function findChangedLater(
  readChange: ReturnType<typeof createChangeReader>,
  place: number,
  ids: ReadonlyMap<number, number>,
): ReadonlySet<number> {
  const later = new Set<number>();
  for (let change = readChange(place); change !== undefined && change !== 'gone'; ) {
    for (const id of change.events) if (ids.has(id)) later.add(id);
    change = readChange(change.upto);
  }
  return later;
}
