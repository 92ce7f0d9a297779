import { compareText } from '../events/compare-events.ts';
import type { Micros } from '../lib/time.ts';
import { createDensity, type Density, type Window } from './tally-window.ts';

/** A reason's happenings in a bucket. */
export interface ReasonCount {
  readonly bucket: number;
  readonly reason: string;
  readonly count: number;
}

/** Happenings per bucket and reason, of which the most frequent in each bucket are told. */
export interface ReasonTally {
  /** Adds happenings of a voice, by its number in the index. */
  add(voice: number, from: Micros, to: Micros, count: number): void;
  /** At most so many of each bucket, bucket by bucket, the most frequent first. */
  top(most: number): ReasonCount[];
}

/** So many reasons are told apart, those that the record met first: a cluster knows some hundreds, and whoever writes Events may make up any number. */
const MOST_REASONS = 512;

/** @param reasons of each voice, by its number */
export function createReasonTally(window: Window, reasons: readonly string[]): ReasonTally {
  const names = [...new Set(reasons)].slice(0, MOST_REASONS);
  const numbers = new Map(names.map((name, number) => [name, number]));
  const numberOf = Int32Array.from(reasons, (reason) => numbers.get(reason) ?? -1);
  const densities: (Density | undefined)[] = names.map(() => undefined);

  function densityOf(number: number): Density {
    const density = densities[number] ?? createDensity(window);
    densities[number] = density;
    return density;
  }

  return {
    add(voice, from, to, count) {
      const number = numberOf[voice] ?? -1;
      if (number >= 0) densityOf(number).add(from, to, count);
    },
    top(most) {
      const counted = densities.map((density) => density?.finish());
      const found: ReasonCount[] = [];
      for (let bucket = 0; bucket < window.buckets; bucket++) {
        const here: ReasonCount[] = [];
        for (const [number, counts] of counted.entries()) {
          const count = counts?.[bucket] ?? 0;
          if (count > 0) here.push({ bucket, reason: names[number] ?? '', count });
        }
        here.sort((a, b) => b.count - a.count || compareText(a.reason, b.reason));
        found.push(...here.slice(0, most));
      }
      return found;
    },
  };
}
