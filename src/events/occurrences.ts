import { type Micros, SECOND } from '../lib/time.ts';
import { compareText } from './compare-events.ts';
import type { Event, Occurrence, OccurrencePoint } from './event.ts';
import { happenedAt, lastSeen } from './event-time.ts';

/** What client-go puts before the message of an Event that stands for many similar ones (`tools/record/events_cache.go`). */
const COMBINED = '(combined from similar events): ';

/** Whether the Event stands for many that differ in their messages; its own is the latest one's. */
export function isCombined(event: Event): boolean {
  return event.message.startsWith(COMBINED);
}

/** What one state of an Event says of its repeats. `at` is 0 when the Event holds no time at all. */
export function pointOf(event: Event): OccurrencePoint {
  const { series, count, message } = event;
  const at = lastSeen(event) ?? 0;
  return {
    count: series === undefined ? count || 1 : series.count,
    series: series !== undefined,
    at,
    message,
  };
}

/** Orders points by time, then a series' after others, then by count, then by message. 0 only for the same point. */
export function comparePoints(a: OccurrencePoint, b: OccurrencePoint): number {
  return (
    a.at - b.at ||
    Number(a.series) - Number(b.series) ||
    a.count - b.count ||
    compareText(a.message, b.message)
  );
}

/** The union of two sets of points, ordered by `comparePoints`: the same in any order, however often a point is seen. */
export function mergePoints(a: readonly OccurrencePoint[], b: readonly OccurrencePoint[]): OccurrencePoint[] {
  const all = [...a, ...b].sort(comparePoints);
  return all.filter((point, index) => {
    const previous = all[index - 1];
    return previous === undefined || comparePoints(previous, point) !== 0;
  });
}

/** How often the Event happened: exact where every update was seen, else the least that is certain. */
export function countHappenings(occurrences: readonly Occurrence[]): number {
  return occurrences.reduce((sum, occurrence) => sum + occurrence.count, 0);
}

/**
 * Reads the happenings of an Event out of its points: one per rise of the counter, with the time and the message that came with it.
 *
 * - The first point's count tells what happened before it: one happening at the Event's first time, the others folded into the point.
 * - Counters count once, whatever the time stamps say: points are taken in the order of their counts.
 * - A message or a time that changes while the counter does not is kept with a count of 0; where no counter is kept at all (it never
 *   passes 1) a later time is one more happening.
 *
 * @param points any set of them, at least one
 * @param event any state of the Event: tells when it happened first
 * @returns in time order
 */
export function readOccurrences(points: readonly OccurrencePoint[], event: Event): Occurrence[] {
  const offset = seriesOffset(points);
  const first = happenedAt(event);
  const rising = points
    .map((point) => ({
      total: totalAt(point, offset),
      at: withinSecond(point.at, first),
      message: point.message,
      series: point.series,
    }))
    .sort(
      (a, b) =>
        a.total - b.total ||
        a.at - b.at ||
        compareText(a.message, b.message) ||
        Number(a.series) - Number(b.series),
    );
  const occurrences: Occurrence[] = [];
  let previous = { total: 0, at: first, message: '' };
  for (const point of rising) {
    const { total, at, message } = point;
    const rise = total - previous.total;
    if (previous.total === 0) occurrences.push(...readBeginning(first, at, total, message));
    else if (rise > 0) occurrences.push({ at, count: rise, message });
    else if (at !== previous.at) occurrences.push({ at, count: total === 1 ? 1 : 0, message });
    else if (message !== previous.message) occurrences.push({ at, count: 0, message });
    previous = point;
  }
  return occurrences.sort((a, b) => a.at - b.at);
}

function readBeginning(first: Micros, at: Micros, total: number, message: string): Occurrence[] {
  if (total === 1 || first >= at) return [{ at, count: total, message }];
  return [
    { at: first, count: 1, message },
    { at, count: total - 1, message },
  ];
}

/**
 * By how much a series' count falls short. Its first repeat, which is the second happening, writes 1 until Kubernetes 1.25 and 2 since:
 * a series that was ever at 1 is of the old kind. One that was heard of only later cannot be told from the new kind.
 */
function seriesOffset(points: readonly OccurrencePoint[]): number {
  return points.some((point) => point.series && point.count === 1) ? 1 : 0;
}

function totalAt(point: OccurrencePoint, offset: number): number {
  return Math.max(1, point.series ? point.count + offset : point.count);
}

/** The first happening's time, which may be known more precisely than the second it lies in; all others as they are. */
function withinSecond(at: Micros, first: Micros): Micros {
  return first > at && first < at + SECOND && at % SECOND === 0 ? first : at;
}
