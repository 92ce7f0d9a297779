import { compareText } from '../events/compare-events.ts';
import type { Voice } from './event-index.ts';
import { createDensity, type Density, finishDensity, type Window } from './tally-window.ts';

/** A reason's happenings in a bucket. */
export interface ReasonCount {
  readonly bucket: number;
  readonly reason: string;
  readonly count: number;
}

export interface Histogram {
  readonly normal: Float64Array;
  readonly warning: Float64Array;
  /** Of each bucket, one bucket after the other, the most frequent reasons first. */
  readonly reasons: readonly ReasonCount[];
}

export interface HistogramTally {
  /** Where happenings of a voice are counted, by its number in the index. */
  of(voice: number): Density;
  finish(): Histogram;
}

/** So many reasons are told apart, those that the record met first: a cluster knows some hundreds, and whoever writes Events may make up any number. */
const MOST_REASONS = 512;

/**
 * Counts happenings per bucket; each in one place only, that of its reason and of whether it warns, so that telling reasons costs nothing for each happening.
 *
 * @param most so many reasons of each bucket are told; 0: none
 */
export function createHistogramTally(
  window: Window,
  voices: readonly Pick<Voice, 'reason' | 'warns'>[],
  most: number,
): HistogramTally {
  const names = most === 0 ? [] : [...new Set(voices.map(({ reason }) => reason))].slice(0, MOST_REASONS);
  const numbers = new Map(names.map((name, number) => [name, number]));
  // Two places for each reason, calm and warning; the last two are of all other reasons.
  const placeOf = Uint32Array.from(
    voices,
    ({ reason, warns }) => 2 * (numbers.get(reason) ?? names.length) + Number(warns),
  );
  const densities: (Density | undefined)[] = Array.from({ length: 2 * names.length + 2 });

  return {
    of(voice) {
      const place = placeOf[voice] ?? 0;
      const density = densities[place] ?? createDensity(window);
      densities[place] = density;
      return density;
    },
    finish() {
      const counted = densities.map((density) => density && finishDensity(density));
      return {
        normal: sumAll(
          counted.filter((_, place) => place % 2 === 0),
          window.buckets,
        ),
        warning: sumAll(
          counted.filter((_, place) => place % 2 === 1),
          window.buckets,
        ),
        reasons: topReasons(counted, names, window.buckets, most),
      };
    },
  };
}

type Counts = Float64Array | undefined;

function sumAll(all: readonly Counts[], buckets: number): Float64Array {
  const sum = new Float64Array(buckets);
  for (const counts of all)
    if (counts !== undefined)
      for (let bucket = 0; bucket < buckets; bucket++)
        sum[bucket] = (sum[bucket] ?? 0) + (counts[bucket] ?? 0);
  return sum;
}

function topReasons(
  counted: readonly Counts[],
  names: readonly string[],
  buckets: number,
  most: number,
): ReasonCount[] {
  const found: ReasonCount[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const here: ReasonCount[] = [];
    for (const [number, reason] of names.entries()) {
      const count = (counted[2 * number]?.[bucket] ?? 0) + (counted[2 * number + 1]?.[bucket] ?? 0);
      if (count > 0) here.push({ bucket, reason, count });
    }
    here.sort((a, b) => b.count - a.count || compareText(a.reason, b.reason));
    found.push(...here.slice(0, most));
  }
  return found;
}
