import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '../../events/event.ts';
import { makeRecord } from '../../events/merge-records.ts';
import { pointOf } from '../../events/occurrences.ts';
import { unpackPoints } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';
import { surroundingsOf } from './surroundings.ts';
import { unpackEvent } from './unpack-event.ts';

/** The columns of `events` that a record is read from, in the order of `RecordRow`. */
export const RECORD_COLUMNS = 'id, last, object, saying, space, key, body, points';

export type RecordRow = [
  id: number,
  last: number,
  object: number,
  saying: number,
  space: number,
  key: number,
  body: Uint8Array,
  points: Uint8Array | null,
];

/** What a row and its chunks hold of an Event: its record but for the occurrences, which are read from the points. */
export type StoredRecord = Omit<RecordedEvent, 'occurrences'>;

/** Makes the function that gives back what is stored of an Event. */
export function createRecordReader(db: DatabaseSync, names: NameReader): (row: RecordRow) => StoredRecord {
  const selectOlder = arrays(db, 'SELECT points FROM chunks WHERE event = ? ORDER BY number');
  return ([id, last, object, saying, space, key, body, packed]) => {
    const state = unpackEvent({ object, saying, space, key, last, body }, names);
    if (packed === null) return { ...state, points: [pointOf(state.event)] };
    const around = surroundingsOf(state.event);
    const { points, hasOlder } = unpackPoints(packed, names, around);
    if (!hasOlder) return { ...state, points };
    const chunks = selectOlder.all(id) as unknown as [Uint8Array][];
    const older = chunks.flatMap(([chunk]) => [...unpackPoints(chunk, names, around).points]);
    return { ...state, points: [...older, ...points] };
  };
}

/** The whole record. */
export function openRecord({ cluster, event, deletedAt, points }: StoredRecord): RecordedEvent {
  return makeRecord(cluster, event, deletedAt, points);
}
