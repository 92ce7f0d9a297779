import type { DatabaseSync } from 'node:sqlite';
import type { Event, OccurrencePoint } from '../../events/event.ts';
import { isSameEvent } from '../../events/identity.ts';
import { type EventState, laterState } from '../../events/merge-records.ts';
import { comparePoints, mergePoints, pointOf } from '../../events/occurrences.ts';
import type { Sighting } from '../../events/sighting.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { type EventKey, keyOfEvent } from './event-key.ts';
import { createOlderPoints } from './event-points.ts';
import type { NameWriter } from './intern-names.ts';
import { createEventPacker, type PackedRow } from './pack-event.ts';
import { type PointChunk, unpackPoints } from './points-row.ts';
import { arrays, type NameReader } from './read-names.ts';
import { RECORD_COLUMNS, type RecordRow } from './read-rows.ts';
import { surroundingsOf } from './surroundings.ts';
import { unpackEvent } from './unpack-event.ts';

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
  /** Forgets what it keeps of Events: it may not be what is stored any more. */
  forget(): void;
}

/** What the store knows of an Event already. */
interface Known extends EventState {
  readonly id: number;
  readonly cluster: string;
  /** Without its body. */
  readonly row: RecordRow;
}

/** Events that repeat do so again and again: so many are kept, to join the next repeat without reading the row. */
const HOT_EVENTS = 5_000;
const NO_BODY = new Uint8Array();

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
  const updateAll = db.prepare(
    'UPDATE events SET object = ?, saying = ?, space = ?, key = ?, last = ?, body = ?, points = ? WHERE id = ?',
  );
  const updateSaid = db.prepare('UPDATE events SET saying = ?, last = ?, body = ?, points = ? WHERE id = ?');
  const noteUnworded = db.prepare(
    'INSERT OR IGNORE INTO unworded SELECT ?1 FROM totals WHERE worded_to >= ?1',
  );
  /** By key: what has another identity is looked up. */
  const hot = createBoundedCache<number, Known>(HOT_EVENTS);
  const writer: SightingWriter = { write, nextEvent: firstEvent, forget: hot.clear };
  return writer;

  function write(cluster: WrittenCluster, sighting: Sighting): SightingResult {
    const { event } = sighting;
    const key = keyOfEvent(event);
    const known = findHot(cluster, event, key) ?? find(cluster, event, key);
    return known === undefined ? add(cluster, sighting, key) : join(cluster, known, sighting, key);
  }

  function findHot(cluster: WrittenCluster, event: Event, { key }: EventKey): Known | undefined {
    const known = hot.get(key);
    if (known === undefined || known.cluster !== cluster.uid) return undefined;
    return isSameEvent(known.event, event) ? known : undefined;
  }

  function find(cluster: WrittenCluster, event: Event, { key: sought }: EventKey): Known | undefined {
    for (const row of byKey.all(sought) as unknown as RecordRow[]) {
      const [id, last, object, saying, space, key, body] = row;
      const state = unpackEvent({ object, saying, space, key, last, body }, reader);
      if (isSameEvent(state.event, event) && state.cluster === cluster.uid) return { ...state, id, row };
    }
    return undefined;
  }

  function add(cluster: WrittenCluster, sighting: Sighting, key: EventKey): SightingResult {
    const id = writer.nextEvent++;
    const state = stateOf(sighting);
    const points = sighting.points === undefined ? undefined : pointsOf(sighting);
    const packed = points === undefined ? null : packWithSpill(id, state.event, { points, hasOlder: false });
    insert.run(...packer.pack(cluster.id, state, key, packed), id);
    return { event: id, outcome: 'added', points: points?.length ?? 1 };
  }

  function join(cluster: WrittenCluster, known: Known, sighting: Sighting, key: EventKey): SightingResult {
    const { id, row } = known;
    const state = laterState(known, stateOf(sighting));
    const isNewState = state.event !== known.event || state.deletedAt !== known.deletedAt;
    const [, , , , , , , packed] = row;
    const appended =
      sighting.points === undefined && state.event === sighting.event && isAlike(known.event, state.event)
        ? packer.appendPoint(packed, known.event, state.event)
        : undefined;
    const { points, added } =
      appended === undefined
        ? addPoints(known, pointsOf(sighting), state.event)
        : { points: appended, added: 1 };
    if (!isNewState && added === 0) return { event: id, outcome: 'unchanged', points: 0 };
    const packedRow = packer.pack(cluster.id, state, key, points);
    update(row, packedRow);
    keepHot(known, state, packedRow);
    return { event: id, outcome: added > 0 ? 'repeated' : 'changed', points: added };
  }

  function keepHot({ id, cluster }: Known, state: EventState, row: PackedRow): void {
    const [object, saying, space, key, last, , points] = row;
    const kept = points === null ? null : Buffer.from(points);
    hot.set(key, {
      ...state,
      id,
      cluster,
      row: [id, last, object, saying, space, key, NO_BODY, kept],
    });
  }

  /** Touches no index that need not be touched. */
  function update([id, , wasObject, , wasSpace, wasKey]: RecordRow, row: PackedRow): void {
    const [object, saying, space, key, last, body, points] = row;
    if (object === wasObject && space === wasSpace && key === wasKey)
      updateSaid.run(saying, last, body, points, id);
    else updateAll.run(...row, id);
  }

  /** The row's points with the new ones; those older than all of the row's go to their chunk. */
  function addPoints(known: Known, seen: readonly OccurrencePoint[], state: Event) {
    const { id, event } = known;
    const around = surroundingsOf(event);
    const chunk = unpackRowPoints(known);
    const { late, recent } = chunk.hasOlder ? splitLate(chunk, seen) : { late: [], recent: seen };
    const addedOlder = older.add(id, late, around, packer.messageWriter(event));
    const points = mergePoints(chunk.points, recent);
    const added = addedOlder + points.length - chunk.points.length;
    if (added > 0 && saysNew(chunk, seen)) noteUnworded.run(id);
    if (isAlike(event, state) || !chunk.hasOlder)
      return { points: packWithSpill(id, state, { points, hasOlder: chunk.hasOlder }), added };
    const all = [...older.read(id, around), ...points];
    older.remove(id);
    return { points: packWithSpill(id, state, { points: all, hasOlder: false }), added };
  }

  function unpackRowPoints({ event, row }: Known): PointChunk {
    const [, , , , , , , packed] = row;
    if (packed === null) return { points: [pointOf(event)], hasOlder: false };
    return unpackPoints(packed, reader, surroundingsOf(event));
  }

  function packWithSpill(id: number, event: Event, { points, hasOlder }: PointChunk): Uint8Array | null {
    const kept = older.spill(id, points, packer.messageWriter(event));
    return packer.packPoints(event, { points: kept, hasOlder: hasOlder || kept.length < points.length });
  }
}

/** Whether messages of both are taken apart alike: the rest that counts is the same in all states of an Event. */
function isAlike(a: Event, b: Event): boolean {
  return a.involvedObject.uid === b.involvedObject.uid;
}

/** Points older than all of the row's, and the others. */
function splitLate({ points }: PointChunk, seen: readonly OccurrencePoint[]) {
  const [first] = points;
  const isLate = (point: OccurrencePoint) => first !== undefined && comparePoints(point, first) < 0;
  return { late: seen.filter(isLate), recent: seen.filter((point) => !isLate(point)) };
}

function stateOf({ event, deleted, at }: Sighting): EventState {
  return { event, deletedAt: deleted ? at : undefined };
}

function pointsOf({ event, points }: Sighting): OccurrencePoint[] {
  const own = [pointOf(event)];
  return points === undefined ? own : mergePoints(own, points);
}

/** Whether a message may be new: older points are not looked through. */
function saysNew({ points }: PointChunk, seen: readonly OccurrencePoint[]): boolean {
  return seen.some(({ message }) => !points.some((point) => point.message === message));
}
