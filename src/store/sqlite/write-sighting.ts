import type { DatabaseSync } from 'node:sqlite';
import type { Event, OccurrencePoint } from '../../events/event.ts';
import { isSameEvent } from '../../events/identity.ts';
import { type EventState, laterState } from '../../events/merge-records.ts';
import { comparePoints, mergePoints, pointOf } from '../../events/occurrences.ts';
import type { Sighting } from '../../events/sighting.ts';
import type { Micros } from '../../lib/time.ts';
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
import type { Worded } from './wording.ts';

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
  /**
   * Takes in a sighting: what came of it is written by `flush`, each Event once, however often it was seen until then.
   *
   * @param worded its message, where somebody has taken it apart already
   */
  write(cluster: WrittenCluster, sighting: Sighting, worded?: Worded): SightingResult;
  /** Call before the transaction ends. */
  flush(): void;
  /** The id the next new Event gets. */
  nextEvent: number;
  /** Forgets what it keeps of Events: it may not be what is stored any more. */
  forget(): void;
}

/** What is known of an Event, in the store and of this batch. */
interface Known {
  readonly id: number;
  readonly cluster: WrittenCluster;
  readonly key: EventKey;
  event: Event;
  deletedAt: Micros | undefined;
  /** The points that its row holds; null: its own alone. */
  points: Uint8Array | null;
  /** Its message taken apart; undefined where that is to be done. */
  worded: Worded | undefined;
  /** The columns with indexes as they are in the store; undefined while it is not there. */
  stored: IndexedColumns | undefined;
  /** Whether the store does not know of it yet: only then may it change. */
  isPending: boolean;
  /** Another with the same key, of another identity. */
  readonly next: Known | undefined;
}

interface IndexedColumns {
  readonly object: number;
  readonly space: number;
  readonly key: number;
}

/**
 * Events that have repeated do so again and again: so many are kept, to join the next repeat without reading the row. Others are not: most never
 * repeat, and what lives for a while costs the garbage collector more than reading the row of one that does.
 */
const HOT_EVENTS = 5_000;

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
  /** In the order of their ids as far as they are new. */
  const pending: Known[] = [];
  const pendingByKey = new Map<number, Known>();
  const hot = createBoundedCache<number, Known>(HOT_EVENTS);
  const writer: SightingWriter = { write, flush, nextEvent: firstEvent, forget };
  return writer;

  function write(cluster: WrittenCluster, sighting: Sighting, worded?: Worded): SightingResult {
    const { event } = sighting;
    const key = keyOfEvent(event);
    const known =
      findAmong(pendingByKey.get(key.key), cluster, event) ??
      findAmong(hot.get(key.key), cluster, event) ??
      find(cluster, event, key);
    return known === undefined ? add(cluster, sighting, key, worded) : join(known, sighting, worded);
  }

  function find(cluster: WrittenCluster, event: Event, key: EventKey): Known | undefined {
    for (const row of byKey.all(key.key) as unknown as RecordRow[]) {
      const [id, last, object, saying, space, stored, body, points] = row;
      const state = unpackEvent({ object, saying, space, key: stored, last, body }, reader);
      if (!isSameEvent(state.event, event) || state.cluster !== cluster.uid) continue;
      const columns = { object, space, key: stored };
      return { ...newlyKnown(id, cluster, key, state), points, stored: columns, isPending: false };
    }
    return undefined;
  }

  function add(
    cluster: WrittenCluster,
    sighting: Sighting,
    key: EventKey,
    worded: Worded | undefined,
  ): SightingResult {
    const id = writer.nextEvent++;
    const state = stateOf(sighting);
    const seen = sighting.points === undefined ? undefined : pointsOf(sighting);
    const points =
      seen === undefined ? null : packWithSpill(id, state.event, { points: seen, hasOlder: false });
    enqueue({ ...newlyKnown(id, cluster, key, state), points, worded });
    return { event: id, outcome: 'added', points: seen?.length ?? 1 };
  }

  function join(known: Known, sighting: Sighting, worded: Worded | undefined): SightingResult {
    const { id } = known;
    const { event, deletedAt } = laterState(known, stateOf(sighting));
    const isNewState = event !== known.event || deletedAt !== known.deletedAt;
    const appended =
      sighting.points === undefined && event === sighting.event && isAlike(known.event, event)
        ? packer.appendPoint(known.points, known.event, event)
        : undefined;
    const { points, added } =
      appended === undefined ? addPoints(known, pointsOf(sighting), event) : { points: appended, added: 1 };
    if (!isNewState && added === 0) return { event: id, outcome: 'unchanged', points: 0 };
    const changed = known.isPending ? known : enqueue({ ...known, isPending: true });
    changed.worded = event === sighting.event ? worded : event === known.event ? known.worded : undefined;
    changed.event = event;
    changed.deletedAt = deletedAt;
    changed.points = points;
    return { event: id, outcome: added > 0 ? 'repeated' : 'changed', points: added };
  }

  function enqueue(known: Known): Known {
    const { key } = known.key;
    const queued = { ...known, next: pendingByKey.get(key) };
    pending.push(queued);
    pendingByKey.set(key, queued);
    return queued;
  }

  function flush(): void {
    for (const known of pending) {
      const row = packer.pack(known.cluster.id, known, known.key, known.points, known.worded);
      const isNew = known.stored === undefined;
      if (known.stored === undefined) insert.run(...row, known.id);
      else update(known.stored, row, known.id);
      const [object, , space, key] = row;
      known.stored = { object, space, key };
      known.isPending = false;
      if (!isNew || known.points !== null) hot.set(key, known);
    }
    pending.length = 0;
    pendingByKey.clear();
  }

  function forget(): void {
    pending.length = 0;
    pendingByKey.clear();
    hot.clear();
  }

  /** Touches no index that need not be touched. */
  function update(was: IndexedColumns, row: PackedRow, id: number): void {
    const [object, saying, space, key, last, body, points] = row;
    if (object === was.object && space === was.space && key === was.key)
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

  function unpackRowPoints({ event, points: packed }: Known): PointChunk {
    if (packed === null) return { points: [pointOf(event)], hasOlder: false };
    return unpackPoints(packed, reader, surroundingsOf(event));
  }

  function packWithSpill(id: number, event: Event, { points, hasOlder }: PointChunk): Uint8Array | null {
    const kept = older.spill(id, points, packer.messageWriter(event));
    return packer.packPoints(event, { points: kept, hasOlder: hasOlder || kept.length < points.length });
  }
}

function newlyKnown(id: number, cluster: WrittenCluster, key: EventKey, state: EventState): Known {
  const { event, deletedAt } = state;
  const nothing = { points: null, worded: undefined, stored: undefined, isPending: true, next: undefined };
  return { id, cluster, key, event, deletedAt, ...nothing };
}

function findAmong(first: Known | undefined, cluster: WrittenCluster, event: Event): Known | undefined {
  for (let known = first; known !== undefined; known = known.next)
    if (known.cluster.uid === cluster.uid && isSameEvent(known.event, event)) return known;
  return undefined;
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
