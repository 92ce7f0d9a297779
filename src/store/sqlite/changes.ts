import type { DatabaseSync } from 'node:sqlite';
import { createByteReader, createByteWriter } from './bytes.ts';
import { arrays } from './read-names.ts';

/** How many changes are kept for followers; who is further behind is told everything anew. */
export const CHANGES_KEPT = 500_000;

/** Tells followers which Events a transaction changed. */
export interface ChangeWriter {
  write(events: Iterable<number>): void;
  /** Call after a rollback. */
  refresh(): void;
}

/**
 * The log of changes, of bounded length: one row per transaction, under the number of all changes up to and with it.
 */
export function createChangeWriter(db: DatabaseSync, kept: number = CHANGES_KEPT): ChangeWriter {
  const bytes = createByteWriter();
  const insert = db.prepare('INSERT INTO changes (upto, count, events) VALUES (?, ?, ?)');
  const prune = db.prepare('DELETE FROM changes WHERE upto <= ?');
  let upto = readLatestChange(db);

  return {
    write(events) {
      bytes.clear();
      let count = 0;
      let previous = 0;
      for (const event of events) {
        bytes.int(event - previous);
        previous = event;
        count++;
      }
      if (count === 0) return;
      upto += count;
      insert.run(upto, count, bytes.view());
      prune.run(upto - Math.max(kept, count));
    },
    refresh() {
      upto = readLatestChange(db);
    },
  };
}

/** The number of all changes ever: where one who starts to follow stands. */
export function readLatestChange(db: DatabaseSync): number {
  return createLatestChangeReader(db)();
}

/** `readLatestChange`, to be called many times. */
export function createLatestChangeReader(db: DatabaseSync): () => number {
  const select = arrays(db, 'SELECT coalesce(max(upto), 0) FROM changes');
  return () => (select.get() as unknown as [number])[0];
}

/** What one transaction changed. */
export interface Change {
  /** The last of them has the number `upto`, the one before the number before. */
  readonly events: readonly number[];
  /** The number of all changes up to and with these. */
  readonly upto: number;
}

/**
 * Makes the function that gives the first change after a place: undefined when there is none, 'gone' when it is not known any more. After a place
 * amid a transaction it gives the rest of that.
 */
export function createChangeReader(db: DatabaseSync) {
  const select = arrays(db, 'SELECT upto, count, events FROM changes WHERE upto > ? ORDER BY upto LIMIT 1');
  return function readChange(after: number): Change | 'gone' | undefined {
    const row = select.get(after) as unknown as [number, number, Uint8Array] | undefined;
    if (row === undefined) return undefined;
    const [upto, count, packed] = row;
    if (upto - count > after) return 'gone';
    const events = unpackIds(packed);
    const told = after - (upto - count);
    return { events: told === 0 ? events : events.slice(told), upto };
  };
}

function unpackIds(packed: Uint8Array): number[] {
  const bytes = createByteReader(packed);
  const ids: number[] = [];
  for (let id = 0; !bytes.atEnd(); ) {
    id += bytes.int();
    ids.push(id);
  }
  return ids;
}
