import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '../../events/event.ts';
import { inTransaction } from './in-transaction.ts';
import { arrays, type NameReader } from './read-names.ts';
import { createRecordReader, RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

/**
 * The full-text index over messages, which lags behind: Events are taken into it some time after they were written, as that costs as much
 * again as writing them. `totals.worded_to` is the last Event in it; `unworded` are earlier ones that have said something new since. Whoever
 * searches takes both as they are.
 */
export interface TextIndex {
  /** Takes in at most so many Events, in one transaction; returns how many that were: 0 when nothing is left. */
  indexSome(limit: number): number;
  /** Takes an Event out again, within the transaction that removes it. */
  remove(id: number, messages: string): void;
}

export function createTextIndex(db: DatabaseSync, names: NameReader): TextIndex {
  const readRecord = createRecordReader(db, names);
  const selectUnworded = arrays(
    db,
    `SELECT ${RECORD_COLUMNS} FROM events WHERE id IN (SELECT event FROM unworded ORDER BY event LIMIT ?) ORDER BY id`,
  );
  const forgetUnworded = db.prepare(
    'DELETE FROM unworded WHERE event IN (SELECT event FROM unworded ORDER BY event LIMIT ?)',
  );
  const selectNew = arrays(
    db,
    `SELECT ${RECORD_COLUMNS} FROM events WHERE id > (SELECT worded_to FROM totals) ORDER BY id LIMIT ?`,
  );
  const selectState = arrays(
    db,
    'SELECT worded_to >= ?1, EXISTS (SELECT 1 FROM unworded WHERE event = ?1) FROM totals',
  );
  const forgetOne = db.prepare('DELETE FROM unworded WHERE event = ?');
  const insert = db.prepare('INSERT INTO texts (rowid, messages) VALUES (?, ?)');
  const remove = db.prepare("INSERT INTO texts (texts, rowid, messages) VALUES ('delete', ?, ?)");
  const setWorded = db.prepare('UPDATE totals SET worded_to = ?');

  function add(rows: readonly RecordRow[]): void {
    for (const row of rows) insert.run(row[0], messagesOf(readRecord(row)));
  }

  return {
    indexSome(limit) {
      const unworded = selectUnworded.all(limit) as unknown as RecordRow[];
      const fresh = selectNew.all(limit) as unknown as RecordRow[];
      const last = fresh.at(-1)?.[0];
      if (unworded.length === 0 && last === undefined) return 0;
      inTransaction(db, () => {
        add(unworded);
        forgetUnworded.run(limit);
        add(fresh);
        if (last !== undefined) setWorded.run(last);
      });
      return unworded.length + fresh.length;
    },
    remove(id, messages) {
      const [isIn, isUnworded] = selectState.get(id) as unknown as [number, number];
      if (!isIn) return;
      if (isUnworded) {
        insert.run(id, messages);
        forgetOne.run(id);
      }
      remove.run(id, messages);
    },
  };
}

/** All that an Event ever said, each message once: its text in the index. */
export function messagesOf({ event, points }: Pick<RecordedEvent, 'event' | 'points'>): string {
  if (points.length === 1 && points[0]?.message === event.message) return event.message;
  return [...new Set([...points.map(({ message }) => message), event.message])].join('\n');
}
