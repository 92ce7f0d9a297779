import type { Micros } from '../lib/time.ts';
import { borrowArray } from './borrow-array.ts';
import { chooseRows, type ShownRow } from './choose-rows.ts';
import type { EventIndex } from './event-index.ts';
import { fillRows } from './fill-rows.ts';
import { type EntryFilter, everything } from './filter-entries.ts';
import type { RowTree } from './owner-rows.ts';
import {
  addToSums,
  borrowSums,
  hasEvents,
  passSums,
  type Sums,
  startSums,
  type Totals,
  totalsOf,
} from './sums.ts';
import { createHistogramTally, type Histogram } from './tally-histogram.ts';
import { createWindowTally, type Window } from './tally-window.ts';

export const ROW_ORDERS = ['warnings', 'count', 'first', 'last', 'name'] as const;
export type RowOrder = (typeof ROW_ORDERS)[number];

export interface TimelineQuestion extends Window {
  /** Rows that show those below them, by id; `all` shows every row. */
  readonly expand: ReadonlySet<string> | 'all';
  /** Every row shows those below it when that makes at most so many rows; 0: as `expand` says. */
  readonly few: number;
  /** Rows that do not, when all others do. */
  readonly collapse: ReadonlySet<string>;
  readonly order: RowOrder;
  /** At most so many rows, after so many left out. */
  readonly rows: number;
  readonly offset: number;
  /** So many reasons of each bucket are told, the most frequent; 0: none are counted. */
  readonly reasons: number;
}

export interface TimelineRow extends ShownRow {
  /** Happenings per bucket, its own and those of the rows below that are not shown. */
  readonly normal: Float64Array;
  readonly warning: Float64Array;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  /** All rows that would be shown were there no limit. */
  readonly rowCount: number;
  readonly totals: Totals;
  readonly histogram: Histogram;
  /** Events that match and hold no time: they stand nowhere. */
  readonly undated: number;
  /** Of what matches at all times: from the first happening to the last; undefined when nothing does. */
  readonly extent: Extent | undefined;
}

interface Extent {
  readonly from: Micros;
  readonly to: Micros;
}

/**
 * Lays out what a viewport shows of the record, however much happened in it: two passes over the index, in which nothing is kept per happening.
 * What is asked most, everything, is summed up already.
 *
 * @param findLasting the objects, by `nameKey`, whose rows are shown though nothing happened in the window: something of them goes on
 */
export function layOutTimeline(
  index: EventIndex,
  tree: RowTree,
  matches: EntryFilter,
  question: TimelineQuestion,
  findLasting: () => Iterable<string> = () => [],
): Timeline {
  const { sums, histogram, extent, undated } =
    (matches === everything ? countEverything(index, tree, question) : undefined) ??
    countEntries(index, tree, matches, question);
  rollUp(tree, sums);
  // Where all is seen, whatever goes on has begun there.
  const lasting = extent === undefined || holds(question, extent) ? [] : findLasting();
  const shown = chooseRows(tree, sums, question, markRows(tree, lasting));
  return {
    rows: fillRows(index, tree, matches, shown.rows, question),
    rowCount: shown.count,
    totals: sumRoots(tree, sums),
    undated,
    histogram,
    extent,
  };
}

type CountedRows = Pick<Timeline, 'histogram' | 'extent' | 'undated'> & { readonly sums: Sums };

/**
 * Counts all there is; undefined where that is more than the window holds, or not summed up by rows, or an Event tells of happenings before its first
 * or after its last.
 */
function countEverything(
  index: EventIndex,
  { size: rows, rowOfObject }: RowTree,
  question: TimelineQuestion,
): CountedRows | undefined {
  const { extent, undated } = measureExtent(index);
  if (rowOfObject === undefined || !holds(question, extent)) return undefined;
  const [sums, all] = [borrowSums(rows), startSums(1)];
  const ofObjects = index.sums.of('object');
  for (let object = 0; object < index.objects.length; object++) {
    if (!hasEvents(ofObjects, object)) continue;
    passSums(ofObjects, object, sums, rowOfObject(object));
    passSums(ofObjects, object, all, 0);
  }
  const { first, last } = totalsOf(all, 0);
  if (!holds(question, { from: first, to: last })) return undefined;
  const histogram = createHistogramTally(question, index.voices.items, question.reasons);
  const tally = createWindowTally(index, question);
  const [size, firsts, lasts] = [index.size(), index.first.values(), index.last.values()];
  const voices = index.voice.values();
  for (let entry = 0; entry < size; entry++) {
    const last = lasts[entry] ?? 0;
    if (last === 0 || (firsts[entry] ?? 0) > last) continue;
    tally.draw(entry, histogram.of(voices[entry] ?? 0));
  }
  return { sums, histogram: histogram.finish(), extent, undated };
}

function measureExtent(index: EventIndex): Pick<Timeline, 'extent' | 'undated'> {
  const [size, firsts, lasts] = [index.size(), index.first.values(), index.last.values()];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let undated = 0;
  for (let entry = 0; entry < size; entry++) {
    const first = firsts[entry] ?? 0;
    const last = lasts[entry] ?? 0;
    if (first > last) continue;
    if (last === 0) {
      undated += 1;
      continue;
    }
    if (first < from) from = first;
    if (last > to) to = last;
  }
  return { extent: from <= to ? { from, to } : undefined, undated };
}

function holds({ since, until }: Window, extent: Extent | undefined): boolean {
  return extent !== undefined && since <= extent.from && extent.to < until;
}

/** Counts what matches and lies in the window, Event by Event. */
function countEntries(
  index: EventIndex,
  tree: RowTree,
  matches: EntryFilter,
  question: TimelineQuestion,
): CountedRows {
  const sums = borrowSums(tree.size);
  const histogram = createHistogramTally(question, index.voices.items, question.reasons);
  const tally = createWindowTally(index, question);
  const { found } = tally;
  const { since, until } = question;
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const [firsts, lasts, voices] = [index.first.values(), index.last.values(), index.voice.values()];
  const size = index.size();
  let [extentFrom, extentTo] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let undated = 0;
  for (let entry = 0; entry < size; entry++) {
    const first = firsts[entry] ?? 0;
    const last = lasts[entry] ?? 0;
    if (first > last || !matches(entry)) continue;
    if (last === 0) {
      undated += 1;
      continue;
    }
    if (first < extentFrom) extentFrom = first;
    if (last > extentTo) extentTo = last;
    if (last < since || first >= until || !tally.measure(entry)) continue;
    const voice = voices[entry] ?? 0;
    const { count, from, to } = found;
    addToSums(sums, tree.rowOf(entry), 1, count, warns[voice] === 1 ? count : 0, from, to);
    tally.draw(entry, histogram.of(voice));
  }
  const extent = extentFrom <= extentTo ? { from: extentFrom, to: extentTo } : undefined;
  return { sums, histogram: histogram.finish(), extent, undated };
}

/** Marks the rows of objects, and those above them. */
function markRows({ size, parents, rowOfKey }: RowTree, objects: Iterable<string>): Uint8Array {
  const marks = borrowArray('marks', Uint8Array, size);
  for (const key of objects)
    for (let row = rowOfKey(key); row >= 0 && marks[row] === 0; row = parents[row] ?? -1) marks[row] = 1;
  return marks;
}

/** Adds to every row what is below it. */
function rollUp({ parents, order }: RowTree, sums: Sums): void {
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at] ?? 0;
    const parent = parents[row] ?? -1;
    if (parent >= 0 && hasEvents(sums, row)) passSums(sums, row, sums, parent);
  }
}

function sumRoots({ parents }: RowTree, sums: Sums): Totals {
  const all = startSums(1);
  for (let row = 0; row < parents.length; row++)
    if ((parents[row] ?? -1) < 0 && hasEvents(sums, row)) passSums(sums, row, all, 0);
  return totalsOf(all, 0);
}
