import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import { createColumn } from './columns.ts';
import type { EventIndex } from './event-index.ts';
import type { EntryFilter } from './filter-entries.ts';
import type { RowTree } from './owner-rows.ts';
import { takeFirst } from './take-first.ts';
import { createHistogramTally, type Histogram } from './tally-histogram.ts';
import { createDensity, openHappenings, type Window } from './tally-window.ts';

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

/** What happened in the window, in a row or below it. */
export interface Totals {
  /** Events with a happening in the window. */
  events: number;
  /** Happenings; the parts of folded ones that lie in the window count in parts. */
  count: number;
  warnings: number;
  first: Micros;
  last: Micros;
}

export interface TimelineRow extends Totals {
  readonly number: number;
  readonly id: string;
  readonly parent: string | null;
  readonly depth: number;
  readonly label: string;
  readonly object: ObjectId;
  /** Rows right below it with a happening in the window. */
  readonly children: number;
  readonly expanded: boolean;
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
  readonly extent: { readonly from: Micros; readonly to: Micros } | undefined;
}

/**
 * Lays out what a viewport shows of the record, however much happened in it: two passes over the index, in which nothing is kept per happening.
 */
export function layOutTimeline(
  index: EventIndex,
  tree: RowTree,
  matches: EntryFilter,
  question: TimelineQuestion,
): Timeline {
  const size = index.size();
  const histogram = createHistogramTally(question, index.voices.items, question.reasons);
  const sums = startSums(tree.size);
  const extent = { from: Infinity, to: -Infinity };
  const found = createColumn((length) => new Uint32Array(length));
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const [firsts, lasts, voices] = [index.first.values(), index.last.values(), index.voice.values()];
  const walk = openHappenings(index, question);
  const { since, until } = question;
  let [undated, events] = [0, 0];
  let row = 0;
  let warn = 0;
  let voice = 0;
  let isIn = false;

  function take(from: Micros, to: Micros, count: number): void {
    isIn = true;
    histogram.add(voice, from, to, count);
    addTo(sums, row, from, to, count, warn);
  }

  for (let entry = 0; entry < size; entry++) {
    const first = firsts[entry] ?? 0;
    const last = lasts[entry] ?? 0;
    if (first > last || !matches(entry)) continue;
    if (last === 0) {
      undated += 1;
      continue;
    }
    if (first < extent.from) extent.from = first;
    if (last > extent.to) extent.to = last;
    if (last < since || first >= until) continue;
    voice = voices[entry] ?? 0;
    warn = warns[voice] ?? 0;
    row = tree.rowOf(entry);
    isIn = false;
    walk(entry, take);
    if (!isIn) continue;
    found.set(events, entry);
    events += 1;
    sums[row * WIDTH + EVENTS] = (sums[row * WIDTH + EVENTS] ?? 0) + 1;
  }
  rollUp(tree, sums);
  const shown = chooseRows(tree, sums, question);
  return {
    rows: fillRows(index, tree, found.values(), events, shown.rows, question),
    rowCount: shown.count,
    totals: sumRoots(tree, sums),
    undated,
    histogram: histogram.finish(),
    extent: extent.from <= extent.to ? extent : undefined,
  };
}

/** The totals of every row, by its number: five numbers beside each other, since rows are added to in no order. */
type Sums = Float64Array;
const [EVENTS, COUNT, WARNINGS, FIRST, LAST, WIDTH] = [0, 1, 2, 3, 4, 5];

function startSums(rows: number): Sums {
  const sums = new Float64Array(rows * WIDTH);
  for (let at = 0; at < sums.length; at += WIDTH) {
    sums[at + FIRST] = Infinity;
    sums[at + LAST] = -Infinity;
  }
  return sums;
}

function addTo(sums: Sums, row: number, from: Micros, to: Micros, count: number, warn: number): void {
  const at = row * WIDTH;
  sums[at + COUNT] = (sums[at + COUNT] ?? 0) + count;
  if (warn === 1) sums[at + WARNINGS] = (sums[at + WARNINGS] ?? 0) + count;
  if (from < (sums[at + FIRST] ?? 0)) sums[at + FIRST] = from;
  if (to > (sums[at + LAST] ?? 0)) sums[at + LAST] = to;
}

/** Adds to every row what is below it. */
function rollUp({ parents, order }: RowTree, sums: Sums): void {
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at] ?? 0;
    const parent = parents[row] ?? -1;
    if (parent < 0 || !hasEvents(sums, row)) continue;
    const [from, to] = [row * WIDTH, parent * WIDTH];
    for (let sum = EVENTS; sum <= WARNINGS; sum++)
      sums[to + sum] = (sums[to + sum] ?? 0) + (sums[from + sum] ?? 0);
    sums[to + FIRST] = Math.min(sums[to + FIRST] ?? 0, sums[from + FIRST] ?? 0);
    sums[to + LAST] = Math.max(sums[to + LAST] ?? 0, sums[from + LAST] ?? 0);
  }
}

function hasEvents(sums: Sums, row: number): boolean {
  return (sums[row * WIDTH + EVENTS] ?? 0) > 0;
}

function totalsOf(sums: Sums, row: number): Totals {
  const [events = 0, count = 0, warnings = 0, first = 0, last = 0] = sums.subarray(
    row * WIDTH,
    (row + 1) * WIDTH,
  );
  return { events, count, warnings, first, last };
}

function sumRoots({ parents }: RowTree, sums: Sums): Totals {
  const totals = { events: 0, count: 0, warnings: 0, first: Infinity, last: -Infinity };
  for (let row = 0; row < parents.length; row++) {
    if ((parents[row] ?? -1) >= 0 || !hasEvents(sums, row)) continue;
    const { events, count, warnings, first, last } = totalsOf(sums, row);
    totals.events += events;
    totals.count += count;
    totals.warnings += warnings;
    totals.first = Math.min(totals.first, first);
    totals.last = Math.max(totals.last, last);
  }
  return totals;
}

type ShownRow = Omit<TimelineRow, 'normal' | 'warning'>;

/** The rows that there is room for, each followed by those below it where it is open; and how many there would be were there room for all. */
function chooseRows(
  tree: RowTree,
  sums: Sums,
  question: TimelineQuestion,
): { readonly rows: readonly ShownRow[]; readonly count: number } {
  const { order, rows: most, offset } = question;
  const all = question.few === 0 ? undefined : openRows(tree, sums, { ...question, expand: 'all' });
  const { children, below, count } =
    all !== undefined && all.count <= question.few ? all : openRows(tree, sums, question);
  const compare = compareRows(tree, sums, order);
  const rows: ShownRow[] = [];
  let passed = 0;

  function show(parent: number, depth: number): void {
    const left = offset + most - passed;
    for (const row of takeFirst(below.get(parent) ?? [], left, compare)) {
      if (rows.length === most) return;
      const expanded = below.has(row);
      if (passed >= offset) {
        const above = tree.parents[row] ?? -1;
        rows.push({
          ...totalsOf(sums, row),
          number: row,
          id: tree.idOf(row),
          parent: above < 0 ? null : tree.idOf(above),
          depth,
          label: tree.labelOf(row),
          object: tree.objectOf(row),
          children: children[row] ?? 0,
          expanded,
        });
      }
      passed += 1;
      if (expanded) show(row, depth + 1);
    }
  }

  show(-1, 0);
  return { rows, count };
}

/** Which rows are open: those right below each of them (-1 is the top), and how many rows are shown so. */
function openRows(
  tree: RowTree,
  sums: Sums,
  { expand, collapse }: Pick<TimelineQuestion, 'expand' | 'collapse'>,
) {
  const { parents, order } = tree;
  const children = new Uint32Array(tree.size);
  const isShown = new Uint8Array(tree.size);
  const isOpen = (row: number) =>
    expand === 'all'
      ? collapse.size === 0 || !collapse.has(tree.idOf(row))
      : expand.size > 0 && expand.has(tree.idOf(row));
  const below = new Map<number, number[]>([[-1, []]]);
  const closed = new Uint8Array(tree.size);
  let count = 0;
  for (const row of order) {
    if (!hasEvents(sums, row)) continue;
    const parent = parents[row] ?? -1;
    if (parent >= 0) {
      children[parent] = (children[parent] ?? 0) + 1;
      if (closed[parent] === 1 || isShown[parent] === 0) continue;
      if (!below.has(parent)) {
        if (isOpen(parent)) below.set(parent, []);
        else {
          closed[parent] = 1;
          continue;
        }
      }
    }
    below.get(parent)?.push(row);
    isShown[row] = 1;
    count += 1;
  }
  return { children, below, count };
}

function compareRows(tree: RowTree, sums: Sums, order: RowOrder): (a: number, b: number) => number {
  const by = (sum: number, a: number, b: number) =>
    (sums[a * WIDTH + sum] ?? 0) - (sums[b * WIDTH + sum] ?? 0);
  const byName = tree.compareNames;
  switch (order) {
    case 'warnings':
      return (a, b) => by(WARNINGS, b, a) || by(COUNT, b, a) || byName(a, b);
    case 'count':
      return (a, b) => by(COUNT, b, a) || byName(a, b);
    case 'first':
      return (a, b) => by(FIRST, a, b) || byName(a, b);
    case 'last':
      return (a, b) => by(LAST, b, a) || byName(a, b);
    case 'name':
      return byName;
  }
}

/** Counts the happenings of the shown rows, those of hidden ones for the nearest shown row above them. */
function fillRows(
  index: EventIndex,
  tree: RowTree,
  found: ArrayLike<number>,
  events: number,
  shown: readonly ShownRow[],
  window: Window,
): TimelineRow[] {
  const densities = shown.map(() => [createDensity(window), createDensity(window)] as const);
  const carriers = findCarriers(tree, shown);
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const voices = index.voice.values();
  const walk = openHappenings(index, window);
  if (shown.length > 0)
    for (let at = 0; at < events; at++) {
      const entry = found[at] ?? 0;
      const density = densities[carriers[tree.rowOf(entry)] ?? -1];
      if (density !== undefined) walk(entry, density[warns[voices[entry] ?? 0] === 1 ? 1 : 0].add);
    }
  return shown.map((row, at) => {
    const [normal, warning] = densities[at] ?? [];
    return {
      ...row,
      normal: normal?.finish() ?? new Float64Array(0),
      warning: warning?.finish() ?? new Float64Array(0),
    };
  });
}

/** Of each row which of the shown rows shows what happened in it: itself, or the collapsed one above; -1 when that is beyond the limit. */
function findCarriers({ parents, order, size }: RowTree, shown: readonly ShownRow[]): Int32Array {
  const carriers = new Int32Array(size).fill(-1);
  const open = new Uint8Array(size);
  for (const [at, { number, expanded }] of shown.entries()) {
    carriers[number] = at;
    if (expanded) open[number] = 1;
  }
  for (const row of order) {
    const parent = parents[row] ?? -1;
    if (parent >= 0 && open[parent] === 0 && (carriers[parent] ?? -1) >= 0)
      carriers[row] = carriers[parent] ?? -1;
  }
  return carriers;
}
