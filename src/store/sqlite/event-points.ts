import type { DatabaseSync } from 'node:sqlite';
import type { OccurrencePoint } from '../../events/event.ts';
import { comparePoints, mergePoints } from '../../events/occurrences.ts';
import { type ByteWriter, createByteWriter } from './bytes.ts';
import { packPoints, unpackPoints, type WriteMessage } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';
import type { Surroundings } from './wording.ts';

/** How many of an Event's points its row holds before the older ones move to a chunk of their own. */
export const ROW_POINTS = 32;
const CHUNK_POINTS = 24;
/** A chunk that late arrivals made larger than this is cut up anew. */
const LARGEST_CHUNK = 4 * CHUNK_POINTS;

/** The older points of Events, in chunks beside their rows. */
export interface OlderPoints {
  /** All of them, ordered. */
  read(event: number, around: Surroundings): OccurrencePoint[];
  /** Adds what is not there yet; returns how many that were. */
  add(event: number, points: readonly OccurrencePoint[], around: Surroundings, write: WriteMessage): number;
  /** Moves all but the newest to chunks when there are too many for the row; returns those that stay. */
  spill(event: number, points: readonly OccurrencePoint[], write: WriteMessage): readonly OccurrencePoint[];
  remove(event: number): void;
}

export function createOlderPoints(db: DatabaseSync, names: NameReader): OlderPoints {
  const bytes = createByteWriter();
  const selectAll = arrays(db, 'SELECT points FROM chunks WHERE event = ? ORDER BY number');
  const selectBefore = arrays(
    db,
    'SELECT number, points FROM chunks WHERE event = ? AND (at <= ? OR number = 0) AND number < ? ORDER BY number DESC LIMIT 1',
  );
  const selectNext = arrays(db, 'SELECT coalesce(max(number) + 1, 0) FROM chunks WHERE event = ?');
  const insert = db.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?)');
  const update = db.prepare('UPDATE chunks SET at = ?, points = ? WHERE event = ? AND number = ?');
  const remove = db.prepare('DELETE FROM chunks WHERE event = ?');

  function read(event: number, around: Surroundings): OccurrencePoint[] {
    const rows = selectAll.all(event) as unknown as [Uint8Array][];
    return rows.flatMap(([packed]) => [...unpackPoints(packed, names, around).points]);
  }
  function append(event: number, points: readonly OccurrencePoint[], write: WriteMessage): void {
    let [number] = selectNext.get(event) as unknown as [number];
    for (let at = 0; at < points.length; at += CHUNK_POINTS) {
      const part = points.slice(at, at + CHUNK_POINTS);
      insert.run(event, number++, part[0]?.at ?? 0, pack(bytes, part, write));
    }
  }
  function findChunk(event: number, point: OccurrencePoint, around: Surroundings) {
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const row = selectBefore.get(event, point.at, before) as unknown as [number, Uint8Array] | undefined;
      if (row === undefined) throw new RangeError('packed row has older points, which are not there');
      const [number, packed] = row;
      const { points } = unpackPoints(packed, names, around);
      const first = points[0];
      if (number === 0 || first === undefined || comparePoints(first, point) <= 0) return { number, points };
      before = number;
    }
  }
  function addOne(event: number, point: OccurrencePoint, around: Surroundings, write: WriteMessage): number {
    const { number, points } = findChunk(event, point, around);
    const merged = mergePoints(points, [point]);
    if (merged.length === points.length) return 0;
    update.run(merged[0]?.at ?? 0, pack(bytes, merged, write), event, number);
    if (merged.length > LARGEST_CHUNK) {
      const all = read(event, around);
      remove.run(event);
      append(event, all, write);
    }
    return 1;
  }

  return {
    read,
    add: (event, points, around, write) =>
      points.reduce((added, point) => added + addOne(event, point, around, write), 0),
    spill(event, points, write) {
      if (points.length <= ROW_POINTS) return points;
      const spilled = points.length - (points.length % CHUNK_POINTS || CHUNK_POINTS);
      append(event, points.slice(0, spilled), write);
      return points.slice(spilled);
    },
    remove: (event) => {
      remove.run(event);
    },
  };
}

function pack(bytes: ByteWriter, points: readonly OccurrencePoint[], write: WriteMessage): Uint8Array {
  bytes.clear();
  packPoints(bytes, { points, hasOlder: false }, write);
  return bytes.view();
}
