import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createChangeReader, readLatestChange } from './changes.ts';
import { inTransaction } from './in-transaction.ts';
import { markObjects } from './mark-objects.ts';
import { unpackPoints } from './points-row.ts';
import { arrays, type NameReader, type StoredObject, type StoredSaying } from './read-names.ts';
import { RECORD_COLUMNS, type RecordRow } from './read-rows.ts';
import { surroundingsOf } from './surroundings.ts';
import { unpackEvent } from './unpack-event.ts';

const ROWS_AT_ONCE = 1_000;
/** Part of the record that must have gone since the last time for another look through the rest to be worth it. */
const WORTHWHILE = 0.1;

/** Which sayings and strings are in use. */
interface Used {
  readonly sayings: Set<number>;
  readonly strings: Set<number>;
}

/** What writes meanwhile. */
export interface MeanwhileWriter {
  /** Called in the same turn in which names go, before anything else is written. */
  forget(): void;
  /** Has the strings noted that are written meanwhile; undefined: not any more. */
  noteStrings(noted: Set<number> | undefined): void;
}

/**
 * Removes the sayings and strings that nothing uses any more, when much was removed since the last time: looks through all rows, some at a
 * time, then removes what none of them named, nor any that was written meanwhile.
 */
export async function sweepNames(
  db: DatabaseSync,
  signal: AbortSignal | undefined,
  writer: MeanwhileWriter,
): Promise<void> {
  if (!isWorthwhile(db)) return;
  const used: Used = { sayings: new Set(), strings: new Set() };
  writer.noteStrings(used.strings);
  try {
    await sweep(db, used, signal, writer);
  } finally {
    writer.noteStrings(undefined);
  }
}

async function sweep(
  db: DatabaseSync,
  used: Used,
  signal: AbortSignal | undefined,
  writer: MeanwhileWriter,
): Promise<void> {
  const marker = createMarker(db, used);
  const start = readLatestChange(db);
  for (const _ of marker.markAll()) {
    if (signal?.aborted === true) return;
    await nextTurn();
  }
  const refresh = createRefresher(db, start, marker.markEvent);
  for (const [table, ids] of [
    ['sayings', used.sayings],
    ['strings', used.strings],
  ] as const) {
    for (const isComplete of removeUnused(db, table, ids, refresh)) {
      writer.forget();
      if (!isComplete || signal?.aborted === true) return;
      await nextTurn();
    }
  }
  db.exec('UPDATE totals SET removed = 0');
}

function isWorthwhile(db: DatabaseSync): boolean {
  const select = arrays(db, 'SELECT events + objects + changes, removed FROM totals');
  const [left, removed] = select.get() as unknown as [number, number];
  return removed > WORTHWHILE * (left + removed);
}

function createMarker(db: DatabaseSync, used: Used) {
  const names = createMarkingReader(used);
  const selectSome = arrays(
    db,
    `SELECT ${RECORD_COLUMNS} FROM events WHERE id > ? ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
  );
  const selectOne = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE id = ?`);
  const selectOlder = arrays(db, 'SELECT points FROM chunks WHERE event = ?');
  const selectSpace = arrays(db, 'SELECT space FROM objects WHERE id = ?');

  function mark([id, last, object, saying, space, key, body, packed]: RecordRow): void {
    const { event } = unpackEvent({ object, saying, space, key, last, body }, names);
    const [objectSpace] = (selectSpace.get(object) as unknown as [number] | undefined) ?? [0];
    used.strings.add(objectSpace);
    if (packed === null) return;
    const around = surroundingsOf(event);
    if (!unpackPoints(packed, names, around).hasOlder) return;
    for (const [chunk] of selectOlder.all(id) as unknown as [Uint8Array][])
      unpackPoints(chunk, names, around);
  }

  return {
    /** Pauses after each thousand rows. */
    *markAll(): Generator<void> {
      yield* markObjects(db, names, (string) => used.strings.add(string));
      for (let last = 0; ; ) {
        const rows = selectSome.all(last) as unknown as RecordRow[];
        for (const row of rows) mark(row);
        const end = rows.at(-1)?.[0];
        if (end === undefined) return;
        last = end;
        yield;
      }
    },
    markEvent(id: number): void {
      const row = selectOne.get(id) as unknown as RecordRow | undefined;
      if (row !== undefined) mark(row);
    },
  };
}

/** Notes what it is asked for instead of reading it. */
function createMarkingReader({ sayings, strings }: Used): NameReader {
  const nothing: StoredObject = { cluster: '', apiVersion: '', kind: '', namespace: '', name: '', uid: '' };
  const silence: StoredSaying = {
    ...{ type: '', reason: '', action: '', component: '', controller: '' },
    wording: { first: '', rest: [] },
  };
  return {
    string(id) {
      strings.add(id);
      return '';
    },
    object: () => nothing,
    kind: () => ['', ''],
    saying(id) {
      sayings.add(id);
      return silence;
    },
    clear() {},
  };
}

/** Makes the function that marks what changed since it was last called; false when that is not known any more. */
function createRefresher(db: DatabaseSync, start: number, mark: (event: number) => void): () => boolean {
  const readChange = createChangeReader(db);
  let place = start;
  return () => {
    for (;;) {
      const change = readChange(place);
      if (change === undefined) return true;
      if (change === 'gone') return false;
      for (const event of change.events) mark(event);
      place = change.upto;
    }
  };
}

/** Removes some at a time and says after each step whether it could. The newest stays, so that no id is ever given twice. */
function* removeUnused(
  db: DatabaseSync,
  table: 'sayings' | 'strings',
  used: ReadonlySet<number>,
  refresh: () => boolean,
): Generator<boolean> {
  const all = arrays(db, `SELECT id FROM ${table} WHERE id < (SELECT max(id) FROM ${table})`).all();
  const unused = (all as unknown as [number][]).map(([id]) => id).filter((id) => !used.has(id));
  const remove = db.prepare(`DELETE FROM ${table} WHERE id = ?`);
  for (let at = 0; at < unused.length; at += ROWS_AT_ONCE) {
    yield inTransaction(db, () => {
      if (!refresh()) return false;
      for (const id of unused.slice(at, at + ROWS_AT_ONCE)) if (!used.has(id)) remove.run(id);
      return true;
    });
  }
}
