import type { Micros } from '../lib/time.ts';
import type { EventIndex, Rises } from './event-index.ts';

/** A stretch of time cut into equal buckets. */
export interface Window {
  readonly since: Micros;
  readonly until: Micros;
  readonly buckets: number;
}

/** Happenings per bucket, kept as differences so that what is spread over many buckets costs no more than what is in one. */
export interface Density {
  /** Adds `count` happenings, spread evenly between two times that lie in the window. */
  add(from: Micros, to: Micros, count: number): void;
  /** The happenings in each bucket. */
  finish(): Float64Array;
}

export function createDensity({ since, until, buckets }: Window): Density {
  const single = new Float64Array(buckets);
  /** Per bucket, how the happenings per bucket rise from there on. */
  const rises = new Float64Array(buckets + 1);
  const perMicro = buckets / Math.max(1, until - since);
  const bucketOf = (at: Micros) => Math.max(0, Math.min(buckets - 1, Math.floor((at - since) * perMicro)));
  return {
    add(from, to, count) {
      const [first, last] = [bucketOf(from), bucketOf(to)];
      if (first === last) {
        single[last] = (single[last] ?? 0) + count;
        return;
      }
      const share = count / (last - first + 1);
      rises[first] = (rises[first] ?? 0) + share;
      rises[last + 1] = (rises[last + 1] ?? 0) - share;
    },
    finish() {
      let height = 0;
      return single.map((count, bucket) => {
        height += rises[bucket] ?? 0;
        // What rounding leaves of a rise that was taken back.
        return height > 1e-9 ? count + height : count;
      });
    },
  };
}

/** Takes the happenings of an entry: `count` of them, evenly from `from` to `to`. */
export type TakeHappenings = (from: Micros, to: Micros, count: number) => void;

/**
 * Gives the happenings of an entry that lie in a window. Those that an emitter folded into one update are spread over the time since the one
 * before; the part of them that lies in the window counts.
 */
export function walkHappenings(
  index: EventIndex,
  entry: number,
  { since, until }: Window,
  take: TakeHappenings,
): void {
  const rises = index.rises.get(entry);
  if (rises !== undefined) {
    walkRises(rises, since, until, take);
    return;
  }
  const at = index.last.get(entry);
  if (at >= since && at < until) take(at, at, 1);
}

function walkRises({ ats, counts }: Rises, since: Micros, until: Micros, take: TakeHappenings): void {
  for (let at = firstFrom(ats, since); at < ats.length; at++) {
    const end = ats[at] ?? 0;
    const count = counts[at] ?? 0;
    const begin = count > 1 && at > 0 ? (ats[at - 1] ?? end) : end;
    if (begin >= until) return;
    if (count <= 0) continue;
    if (begin >= since && end < until) take(begin, end, count);
    else {
      const [from, to] = [Math.max(begin, since), Math.min(end, until - 1)];
      if (from <= to) take(from, to, (count * (to - from)) / Math.max(1, end - begin));
    }
  }
}

/** The first rise that ends at or after a time. */
function firstFrom(ats: Float64Array, since: Micros): number {
  let [low, high] = [0, ats.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ats[middle] ?? 0) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
