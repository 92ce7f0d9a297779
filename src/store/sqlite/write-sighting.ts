import type { DatabaseSync } from 'node:sqlite';
import type { Event, OccurrencePoint } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { type EventState, laterState } from '../../events/merge-records.ts';
import { comparePoints, mergePoints, pointOf } from '../../events/occurrences.ts';
import type { Sighting } from '../../events/sighting.ts';
import { type EventKey, keyOfEvent } from './event-key.ts';
import { createOlderPoints } from './event-points.ts';
import { surroundingsOf, unpackEvent } from './event-row.ts';
import type { NameWriter } from './intern-names.ts';
import { createEventPacker } from './pack-event.ts';
import { unpackPoints } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';
import { RECORD_COLUMNS, type RecordRow } from './read-rows.ts';

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

/** What the store knows of an Event already. */
interface Known extends EventState {
  readonly id: number;
  /** Those the row holds. */
  readonly points: readonly OccurrencePoint[];
  readonly hasOlder: boolean;
}

export function createSightingWriter(
  db: DatabaseSync,
  reader: NameReader,
  names: NameWriter,
  firstEvent: number,
): SightingWriter {
  const packer = createEventPacker(names);
  const older = createOlderPoints(db, reader);
  const byKey = arrays(db, `SELECT ${RECORD_COLUMNS} FROM events WHERE key = ?`);
  const insert = db.prepare(
    'INSERT INTO events (object, saying, space, key, last, body, points, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
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
    const rows = byKey.all(key.key) as unknown as RecordRow[];
    const known = rows.length === 0 ? undefined : pick(cluster, rows, sighting.event);
    return known === undefined ? add(cluster, sighting, key) : join(cluster, known, sighting, key);
  }

  function pick(cluster: WrittenCluster, rows: readonly RecordRow[], event: Event): Known | undefined {
    const identity = identify(event);
    for (const [id, last, object, saying, space, key, body, points] of rows) {
      const state = unpackEvent({ object, saying, space, key, last, body }, reader);
      if (state.cluster !== cluster.uid || identify(state.event) !== identity) continue;
      if (points === null) return { ...state, id, points: [pointOf(state.event)], hasOlder: false };
      return { ...state, id, ...unpackPoints(points, reader, surroundingsOf(state.event)) };
    }
    return undefined;
  }

  function add(cluster: WrittenCluster, sighting: Sighting, key: EventKey): SightingResult {
    const id = writer.nextEvent++;
    const state = stateOf(sighting);
    if (sighting.points === undefined) {
      insert.run(...packer.pack(cluster.id, state, key), id);
      return { event: id, outcome: 'added', points: 1 };
    }
    const points = pointsOf(sighting);
    const kept = older.spill(id, points, packer.messageWriter(state.event));
    insert.run(...packer.pack(cluster.id, state, key, kept, kept.length < points.length), id);
    return { event: id, outcome: 'added', points: points.length };
  }

  function join(cluster: WrittenCluster, known: Known, sighting: Sighting, key: EventKey): SightingResult {
    const { id } = known;
    const state = laterState(known, stateOf(sighting));
    const isNewState = state.event !== known.event || state.deletedAt !== known.deletedAt;
    const seen = pointsOf(sighting);
    const { points, hasOlder, added } = addPoints(known, seen, state.event);
    if (!isNewState && added === 0) return { event: id, outcome: 'unchanged', points: 0 };
    const kept = older.spill(id, points, packer.messageWriter(state.event));
    update.run(...packer.pack(cluster.id, state, key, kept, hasOlder || kept.length < points.length), id);
    if (added > 0 && saysNew(known, seen)) noteUnworded.run(id);
    return { event: id, outcome: added > 0 ? 'repeated' : 'changed', points: added };
  }

  /** The row's points with the new ones; those older than all of the row's go to their chunk. */
  function addPoints(known: Known, seen: readonly OccurrencePoint[], state: Event) {
    const { id, hasOlder } = known;
    if (!hasOlder) {
      const points = mergePoints(known.points, seen);
      return { points, hasOlder, added: points.length - known.points.length };
    }
    const before = surroundingsOf(known.event);
    const [first] = known.points;
    const isOld = (point: OccurrencePoint) => first !== undefined && comparePoints(point, first) < 0;
    const late = seen.filter(isOld);
    const addedOlder = older.add(id, late, before, packer.messageWriter(known.event));
    const points = mergePoints(
      known.points,
      seen.filter((point) => !isOld(point)),
    );
    const added = addedOlder + points.length - known.points.length;
    if (before.uid === state.involvedObject.uid) return { points, hasOlder, added };
    // The older points' messages are stored by what surrounds them, which has changed: all are stored anew.
    const all = [...older.read(id, before), ...points];
    older.remove(id);
    return { points: all, hasOlder: false, added };
  }
}

function stateOf({ event, deleted, at }: Sighting): EventState {
  return { event, deletedAt: deleted ? at : undefined };
}

function pointsOf({ event, points }: Sighting): OccurrencePoint[] {
  const own = [pointOf(event)];
  return points === undefined ? own : mergePoints(own, points);
}

/** Whether a message may be new: older points are not looked through. */
function saysNew(known: Known, seen: readonly OccurrencePoint[]): boolean {
  return seen.some(({ message }) => !known.points.some((point) => point.message === message));
}
