import type { DatabaseSync } from 'node:sqlite';
import type { Event, OccurrencePoint } from '../../events/event.ts';
import { lastSeen } from '../../events/event-time.ts';
import { identify } from '../../events/identity.ts';
import { type EventState, laterState } from '../../events/merge-records.ts';
import { comparePoints, mergePoints, pointOf } from '../../events/occurrences.ts';
import type { Sighting } from '../../events/sighting.ts';
import { SECOND } from '../../lib/time.ts';
import { createByteWriter } from './bytes.ts';
import { type EventKey, keyOfEvent } from './event-key.ts';
import { createOlderPoints } from './event-points.ts';
import { packBody, surroundingsOf, unpackEvent } from './event-row.ts';
import type { NameWriter } from './intern-names.ts';
import { packPoints, unpackPoints, type WriteMessage } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';
import { wordMessage } from './wording.ts';

export interface SightingResult {
  readonly event: number;
  readonly outcome: 'added' | 'repeated' | 'changed' | 'unchanged';
  /** How many points are new. */
  readonly points: number;
}

/** A cluster, by id and uid. */
export interface WrittenCluster {
  readonly id: number;
  readonly uid: string;
}

/** Records sightings within the transaction that is open. */
export interface SightingWriter {
  write(cluster: WrittenCluster, sighting: Sighting): SightingResult;
  /** The id the next new Event gets. */
  nextEvent: number;
}

type Row = [
  id: number,
  object: number,
  saying: number,
  space: number,
  key: number,
  last: number,
  body: Uint8Array,
  points: Uint8Array | null,
];

interface Known extends EventState {
  readonly id: number;
  /** Those the row holds. */
  readonly points: readonly OccurrencePoint[];
  readonly hasOlder: boolean;
}

const COLUMNS = 'id, object, saying, space, key, last, body, points';

export function createSightingWriter(
  db: DatabaseSync,
  reader: NameReader,
  names: NameWriter,
  firstEvent: number,
): SightingWriter {
  const bytes = createByteWriter();
  const older = createOlderPoints(db, reader);
  const byKey = arrays(db, `SELECT ${COLUMNS} FROM events WHERE key = ?`);
  const insert = db.prepare(`INSERT INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = db.prepare(
    'UPDATE events SET object = ?, saying = ?, space = ?, key = ?, last = ?, body = ?, points = ? WHERE id = ?',
  );
  const noteUnworded = db.prepare(
    'INSERT OR IGNORE INTO unworded SELECT ?1 FROM totals WHERE worded_to >= ?1',
  );
  const writer: SightingWriter = { write, nextEvent: firstEvent };
  return writer;

  function write(cluster: WrittenCluster, sighting: Sighting): SightingResult {
    const key = keyOfEvent(sighting.event);
    const rows = byKey.all(key.key) as unknown as Row[];
    const known = rows.length === 0 ? undefined : pick(cluster, rows, sighting.event);
    return known === undefined ? add(cluster, sighting, key) : join(cluster, known, sighting, key);
  }

  function pick(cluster: WrittenCluster, rows: readonly Row[], event: Event): Known | undefined {
    const identity = identify(event);
    for (const [id, object, saying, space, key, last, body, points] of rows) {
      const state = unpackEvent({ object, saying, space, key, last, body }, reader);
      if (state.cluster !== cluster.uid || identify(state.event) !== identity) continue;
      if (points === null) return { ...state, id, points: [pointOf(state.event)], hasOlder: false };
      return { ...state, id, ...unpackPoints(points, reader, surroundingsOf(state.event)) };
    }
    return undefined;
  }

  function add(cluster: WrittenCluster, sighting: Sighting, key: EventKey): SightingResult {
    const { event, deleted, at } = sighting;
    const id = writer.nextEvent++;
    const points = pointsOf(sighting);
    const state = { event, deletedAt: deleted ? at : undefined };
    const kept = older.spill(id, points, messageWriter(event));
    const row = pack(cluster, state, kept, kept.length < points.length, key);
    insert.run(id, ...row);
    return { event: id, outcome: 'added', points: points.length };
  }

  function join(cluster: WrittenCluster, known: Known, sighting: Sighting, key: EventKey): SightingResult {
    const { id } = known;
    const seen = { event: sighting.event, deletedAt: sighting.deleted ? sighting.at : undefined };
    const state = laterState(known, seen);
    const isNewState = state.event !== known.event || state.deletedAt !== known.deletedAt;
    const { points, hasOlder, added } = addPoints(known, sighting, state.event);
    if (!isNewState && added === 0) return { event: id, outcome: 'unchanged', points: 0 };
    const kept = older.spill(id, points, messageWriter(state.event));
    const row = pack(cluster, state, kept, hasOlder || kept.length < points.length, key);
    update.run(...row, id);
    if (added > 0 && saysNew(known, pointsOf(sighting))) noteUnworded.run(id);
    return { event: id, outcome: added > 0 ? 'repeated' : 'changed', points: added };
  }

  /** The row's points with the new ones; those older than all of the row's go to their chunk. */
  function addPoints(known: Known, sighting: Sighting, state: Event) {
    const before = surroundingsOf(known.event);
    const write = messageWriter(known.event);
    const first = known.points[0];
    const isOld = (point: OccurrencePoint) =>
      known.hasOlder && first !== undefined && comparePoints(point, first) < 0;
    const seen = pointsOf(sighting);
    const late = known.hasOlder ? seen.filter(isOld) : [];
    const addedOlder = late.length === 0 ? 0 : older.add(known.id, late, before, write);
    const points = mergePoints(known.points, known.hasOlder ? seen.filter((point) => !isOld(point)) : seen);
    const added = addedOlder + points.length - known.points.length;
    if (!known.hasOlder || before.uid === state.involvedObject.uid)
      return { points, hasOlder: known.hasOlder, added };
    const all = [...older.read(known.id, before), ...points];
    older.remove(known.id);
    return { points: all, hasOlder: false, added };
  }

  function messageWriter(event: Event): WriteMessage {
    const around = surroundingsOf(event);
    return (message) => {
      const { wording, fillings } = wordMessage(message, around);
      return { saying: names.saying(sayingOf(event, wording)), fillings };
    };
  }

  function pack(
    cluster: WrittenCluster,
    { event, deletedAt }: EventState,
    points: readonly OccurrencePoint[],
    hasOlder: boolean,
    key: EventKey,
  ) {
    const { involvedObject } = event;
    const kind = names.kind(involvedObject.apiVersion, involvedObject.kind);
    const space = names.string(event.namespace);
    const objectSpace = names.string(involvedObject.namespace);
    const object = names.object(cluster.id, kind, objectSpace, involvedObject.name, involvedObject.uid);
    const { wording, fillings } = wordMessage(event.message, surroundingsOf(event));
    const last = Math.floor((lastSeen(event) ?? 0) / SECOND);
    const packedPoints = packRowPoints(event, points, hasOlder);
    bytes.clear();
    packBody(
      bytes,
      {
        event,
        nanoseconds: key.prefix === involvedObject.name ? key : undefined,
        deletedAt,
        fillings,
        host: names.string(event.source.host),
        instance: names.string(event.reportingInstance),
        fieldPath: names.string(involvedObject.fieldPath),
        residue: names.string(event.residue ?? ''),
      },
      last,
    );
    const saying = names.saying(sayingOf(event, wording));
    return [object, saying, space, key.key, last, bytes.view(), packedPoints] as const;
  }

  function packRowPoints(event: Event, points: readonly OccurrencePoint[], hasOlder: boolean) {
    const only = points[0];
    if (!hasOlder && points.length === 1 && only !== undefined && comparePoints(only, pointOf(event)) === 0)
      return null;
    bytes.clear();
    packPoints(bytes, { points, hasOlder }, messageWriter(event));
    return Buffer.from(bytes.view());
  }
}

function pointsOf({ event, points }: Sighting): OccurrencePoint[] {
  const own = [pointOf(event)];
  return points === undefined ? own : mergePoints(own, points);
}

/** Whether a message may be new: older points are not looked through. */
function saysNew(known: Known, seen: readonly OccurrencePoint[]): boolean {
  return seen.some(({ message }) => !known.points.some((point) => point.message === message));
}

function sayingOf(event: Event, wording: string) {
  const { type, reason, action, reportingController: controller } = event;
  return { type, reason, action, component: event.source.component, controller, wording };
}
