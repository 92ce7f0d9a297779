import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '../../events/event.ts';
import { makeRecord } from '../../events/merge-records.ts';
import { surroundingsOf, unpackEvent } from './event-row.ts';
import { unpackPoints } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';

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

/** Makes the function that gives back the record of an Event from its row. */
export function createRecordReader(db: DatabaseSync, names: NameReader): (row: RecordRow) => RecordedEvent {
  const selectOlder = arrays(db, 'SELECT points FROM chunks WHERE event = ? ORDER BY number');
  return ([id, last, object, saying, space, key, body, packed]) => {
    const { event, deletedAt, cluster } = unpackEvent({ object, saying, space, key, last, body }, names);
    if (packed === null) return makeRecord(cluster, event, deletedAt);
    const around = surroundingsOf(event);
    const { points, hasOlder } = unpackPoints(packed, names, around);
    if (!hasOlder) return makeRecord(cluster, event, deletedAt, points);
    const chunks = selectOlder.all(id) as unknown as [Uint8Array][];
    const older = chunks.flatMap(([chunk]) => [...unpackPoints(chunk, names, around).points]);
    return makeRecord(cluster, event, deletedAt, [...older, ...points]);
  };
}
