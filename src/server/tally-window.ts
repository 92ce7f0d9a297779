import type { Micros } from '../lib/time.ts';
import type { EventIndex } from './event-index.ts';

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
 * Gives the happenings of entries that lie in a window. Those that an emitter folded into one update are spread over the time since the one
 * before; the part of them that lies in the window counts. Valid until the index changes.
 */
export function openHappenings(
  index: Pick<EventIndex, 'last' | 'rises'>,
  { since, until }: Pick<Window, 'since' | 'until'>,
): (entry: number, take: TakeHappenings) => void {
  const { ats, counts, starts, lengths } = index.rises.values();
  const lasts = index.last.values();

  function walkRises(start: number, end: number, take: TakeHappenings): void {
    for (let at = firstFrom(ats, start, end, since); at < end; at++) {
      const to = ats[at] ?? 0;
      const count = counts[at] ?? 0;
      const from = count > 1 && at > start ? (ats[at - 1] ?? to) : to;
      if (from >= until) return;
      if (count <= 0) continue;
      if (from >= since && to < until) take(from, to, count);
      else {
        const [first, last] = [Math.max(from, since), Math.min(to, until - 1)];
        if (first <= last) take(first, last, (count * (last - first)) / Math.max(1, to - from));
      }
    }
  }

  return (entry, take) => {
    const length = lengths[entry] ?? 0;
    if (length > 0) {
      const start = starts[entry] ?? 0;
      walkRises(start, start + length, take);
      return;
    }
    const at = lasts[entry] ?? 0;
    if (at >= since && at < until) take(at, at, 1);
  };
}

/** Of a stretch of times in order, the first at or after a time. */
function firstFrom(ats: Float64Array, start: number, end: number, since: Micros): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ats[middle] ?? 0) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
