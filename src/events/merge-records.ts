import type { Micros } from '../lib/time.ts';
import { compareText } from './compare-events.ts';
import type { Event, OccurrencePoint, RecordedEvent } from './event.ts';
import { lastSeen } from './event-time.ts';
import { mergePoints, pointOf, readOccurrences } from './occurrences.ts';
import { compareResourceVersions } from './resource-version.ts';

/** One sighting of an Event. */
export interface SeenEvent {
  readonly event: Event;
  /** The API server said so. */
  readonly deleted: boolean;
  /** When we heard of it. */
  readonly at: Micros;
}

/** A state of an Event, and when the API server said it deleted the Event in that state. */
export type EventState = Pick<RecordedEvent, 'event' | 'deletedAt'>;

/**
 * Which of two states of the same Event is the later one: that which was last seen later, then of the higher resourceVersion, then of the
 * higher count; states that are equal in all of these are ordered by their text. A total order, 0 only for equal states.
 *
 * Last seen comes first because resourceVersions start anew when a cluster is restored, while no update of an Event moves its time back.
 */
export function compareStates(a: Event, b: Event): number {
  return (
    (lastSeen(a) ?? 0) - (lastSeen(b) ?? 0) ||
    compareResourceVersions(a.resourceVersion, b.resourceVersion) ||
    pointOf(a).count - pointOf(b).count ||
    (isDeepEqual(a, b) ? 0 : compareText(JSON.stringify(a), JSON.stringify(b)))
  );
}

/** Of what is equal in all else nearly all is the same, seen twice: that is told without making texts of it. */
function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [own, other] = [a as Fields, b as Fields];
  for (const key in own) if (!isDeepEqual(own[key], other[key])) return false;
  for (const key in other) if (own[key] === undefined && other[key] !== undefined) return false;
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** The record of an Event of which this is all that is known, or whose points are given. */
export function makeRecord(
  cluster: string,
  event: Event,
  deletedAt?: Micros,
  points: readonly OccurrencePoint[] = [pointOf(event)],
): RecordedEvent {
  return { cluster, event, occurrences: readOccurrences(points, event), points, deletedAt };
}

/**
 * Joins what two records know of the same Event (same cluster, same `identify`). Commutative, associative and idempotent: whatever was
 * heard, in whatever order and however often, the record is the same.
 *
 * The Event counts as deleted when its latest state is one that was deleted: created anew after it expired, it is not.
 */
export function mergeRecords(a: RecordedEvent, b: RecordedEvent): RecordedEvent {
  const { event, deletedAt } = laterState(a, b);
  return makeRecord(a.cluster, event, deletedAt, mergePoints(a.points, b.points));
}

/** Adds one sighting to what is known of its Event (nothing, when it is new). */
export function mergeSighting(
  known: RecordedEvent | undefined,
  cluster: string,
  seen: SeenEvent,
): RecordedEvent {
  const record = makeRecord(cluster, seen.event, seen.deleted ? seen.at : undefined);
  return known === undefined ? record : mergeRecords(known, record);
}

/** Of what two records know of the same Event, the later state, and when that was deleted. */
export function laterState(a: EventState, b: EventState): EventState {
  const order = compareStates(a.event, b.event);
  if (order !== 0) return order > 0 ? a : b;
  const deletedAt =
    a.deletedAt === undefined || b.deletedAt === undefined
      ? (a.deletedAt ?? b.deletedAt)
      : Math.min(a.deletedAt, b.deletedAt);
  return { event: a.event, deletedAt };
}
