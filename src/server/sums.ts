import type { Micros } from '../lib/time.ts';
import { borrowArray } from './borrow-array.ts';

/** What happened of one of many things. */
export interface Totals {
  events: number;
  /** Happenings; the parts of folded ones that lie in the window count in parts. */
  count: number;
  warnings: number;
  first: Micros;
  last: Micros;
}

/** Totals of many things by number, five numbers beside each other: they are added to in no order, and each reach into memory takes its time. */
export type Sums = Float64Array;
const [EVENTS, COUNT, WARNINGS, FIRST, LAST, WIDTH] = [0, 1, 2, 3, 4, 5];

export function startSums(length: number): Sums {
  return clearSums(new Float64Array(length * WIDTH));
}

/** The same in an array that is lent: until the next call. */
export function borrowSums(length: number): Sums {
  return clearSums(borrowArray('sums', Float64Array, length * WIDTH));
}

function clearSums(sums: Sums): Sums {
  for (let at = 0; at < sums.length; at += WIDTH) {
    sums[at + FIRST] = Number.POSITIVE_INFINITY;
    sums[at + LAST] = Number.NEGATIVE_INFINITY;
  }
  return sums;
}

/** The same with room for a number that may be new: for twice as many when there is none. */
export function makeRoom(sums: Sums, number: number): Sums {
  if (number * WIDTH < sums.length) return sums;
  const grown = startSums(Math.max((2 * sums.length) / WIDTH, number + 1));
  grown.set(sums);
  return grown;
}

/** Adds what happened of Events; less than nothing of what was added before takes it back, but for when it was. */
export function addToSums(
  sums: Sums,
  number: number,
  events: number,
  count: number,
  warnings: number,
  from: Micros,
  to: Micros,
): void {
  const at = number * WIDTH;
  sums[at + EVENTS] = (sums[at + EVENTS] ?? 0) + events;
  sums[at + COUNT] = (sums[at + COUNT] ?? 0) + count;
  sums[at + WARNINGS] = (sums[at + WARNINGS] ?? 0) + warnings;
  if (from < (sums[at + FIRST] ?? 0)) sums[at + FIRST] = from;
  if (to > (sums[at + LAST] ?? 0)) sums[at + LAST] = to;
}

/** Adds all of one thing to another. */
export function passSums(from: Sums, source: number, to: Sums, target: number): void {
  const at = source * WIDTH;
  addToSums(
    to,
    target,
    from[at + EVENTS] ?? 0,
    from[at + COUNT] ?? 0,
    from[at + WARNINGS] ?? 0,
    from[at + FIRST] ?? 0,
    from[at + LAST] ?? 0,
  );
}

export function hasEvents(sums: Sums, number: number): boolean {
  return (sums[number * WIDTH] ?? 0) > 0;
}

export function totalsOf(sums: Sums, number: number): Totals {
  const at = number * WIDTH;
  return {
    events: sums[at + EVENTS] ?? 0,
    count: sums[at + COUNT] ?? 0,
    warnings: sums[at + WARNINGS] ?? 0,
    first: sums[at + FIRST] ?? 0,
    last: sums[at + LAST] ?? 0,
  };
}

/** Compares two things by one of their totals, the smaller first. */
export function compareSums(sums: Sums, by: keyof Totals): (a: number, b: number) => number {
  const field = { events: EVENTS, count: COUNT, warnings: WARNINGS, first: FIRST, last: LAST }[by];
  return (a, b) => (sums[a * WIDTH + field] ?? 0) - (sums[b * WIDTH + field] ?? 0);
}
