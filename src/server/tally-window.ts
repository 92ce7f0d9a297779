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
  readonly single: Float64Array;
  /** Per bucket, how the happenings per bucket rise from there on; undefined while nothing is spread. */
  rises: Float64Array | undefined;
}

export function createDensity({ buckets }: Window): Density {
  return { single: new Float64Array(buckets), rises: undefined };
}

/** The happenings in each bucket; the density is used up. */
export function finishDensity({ single, rises }: Density): Float64Array {
  if (rises === undefined) return single;
  let height = 0;
  for (let bucket = 0; bucket < single.length; bucket++) {
    height += rises[bucket] ?? 0;
    // What rounding leaves of a rise that was taken back.
    if (height > 1e-9) single[bucket] = (single[bucket] ?? 0) + height;
  }
  return single;
}

/** Adds `count` happenings, spread evenly between two times that lie in the window. */
export function addHappenings(into: Density, window: Window, from: Micros, to: Micros, count: number): void {
  const { since, buckets } = window;
  const perMicro = perMicroOf(window);
  const first = Math.max(0, Math.min(buckets - 1, Math.floor((from - since) * perMicro)));
  const last = Math.max(0, Math.min(buckets - 1, Math.floor((to - since) * perMicro)));
  if (first === last) {
    const { single } = into;
    single[last] = (single[last] ?? 0) + count;
    return;
  }
  into.rises ??= new Float64Array(buckets + 1);
  const { rises } = into;
  const share = count / (last - first + 1);
  rises[first] = (rises[first] ?? 0) + share;
  rises[last + 1] = (rises[last + 1] ?? 0) - share;
}

function perMicroOf({ since, until, buckets }: Window): number {
  return buckets / Math.max(1, until - since);
}

/** Counts what of an index lies in a window, entry by entry; valid until something is added to the index. */
export interface WindowTally {
  /** Whether the entry has happenings in the window: how many, from when to when, is in `found` then. */
  measure(entry: number): boolean;
  /** Adds the entry's happenings in the window to a density; leaves `found` as it happens to be. */
  draw(entry: number, into: Density): void;
  /** Of the entry that was measured last; written over for each, for a million of them are measured for one answer. */
  readonly found: { count: number; from: Micros; to: Micros };
}

/**
 * Those happenings that an emitter folded into one update are spread over the time since the one before; the part of them that lies in the window
 * counts.
 */
export function createWindowTally(index: EventIndex, window: Window): WindowTally {
  const { since, until, buckets } = window;
  const perMicro = perMicroOf(window);
  const { places, begins, ends, totals, froms, tos, ats, counts } = index.rises.values();
  const lasts = index.last.values();
  const found = { count: 0, from: 0, to: 0 };

  /** Measures the happenings of an entry that repeated one by one, and draws them where something is drawn. */
  function walk(place: number, into: Density | undefined): boolean {
    found.count = 0;
    found.from = Number.POSITIVE_INFINITY;
    const [first, end] = [begins[place] ?? 0, ends[place] ?? 0];
    for (let at = firstFrom(ats, first, end, since); at < end; at++) {
      let to = ats[at] ?? 0;
      let count = counts[at] ?? 0;
      let from = count > 1 && at > first ? (ats[at - 1] ?? to) : to;
      if (from >= until) break;
      if (count <= 0) continue;
      if (from < since || to >= until) {
        const length = Math.max(1, to - from);
        from = Math.max(from, since);
        to = Math.min(to, until - 1);
        if (from > to) continue;
        count *= (to - from) / length;
      }
      found.count += count;
      if (from < found.from) found.from = from;
      found.to = to;
      if (into !== undefined) addHappenings(into, window, from, to, count);
    }
    return found.from !== Number.POSITIVE_INFINITY;
  }

  return {
    found,
    measure(entry) {
      const place = places[entry] ?? 0;
      if (place === 0) {
        const at = lasts[entry] ?? 0;
        found.count = 1;
        found.from = at;
        found.to = at;
        return at >= since && at < until;
      }
      const [from, to] = [froms[place] ?? 0, tos[place] ?? 0];
      if (from < since || to >= until) return walk(place, undefined);
      found.count = totals[place] ?? 0;
      found.from = from;
      found.to = to;
      return found.count > 0;
    },
    draw(entry, into) {
      const place = places[entry] ?? 0;
      if (place > 0) {
        walk(place, into);
        return;
      }
      const at = lasts[entry] ?? 0;
      if (at < since || at >= until) return;
      const bucket = Math.min(buckets - 1, Math.floor((at - since) * perMicro));
      into.single[bucket] = (into.single[bucket] ?? 0) + 1;
    },
  };
}

/** The first rise between two places that ends at or after a time. */
function firstFrom(ats: Float64Array, begin: number, end: number, since: Micros): number {
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ats[middle] ?? 0) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
