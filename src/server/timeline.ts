import { compareText } from '../events/compare-events.ts';
import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import type { EventIndex } from './event-index.ts';
import type { EntryFilter } from './filter-entries.ts';
import type { RowTree } from './owner-rows.ts';
import { createHistogramTally, type Histogram } from './tally-histogram.ts';
import { createDensity, type Density, type Window, walkHappenings } from './tally-window.ts';

export const ROW_ORDERS = ['warnings', 'count', 'first', 'last', 'name'] as const;
export type RowOrder = (typeof ROW_ORDERS)[number];

export interface TimelineQuestion extends Window {
  /** Rows that show those below them, by id; `all` shows every row. */
  readonly expand: ReadonlySet<string> | 'all';
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
  // Lets the tree grow with the index before rows are counted.
  if (size > 0) tree.rowOf(size - 1);
  const histogram = createHistogramTally(question, index.voices.items, question.reasons);
  const sums = startSums(tree.rows.length);
  const extent = { from: Infinity, to: -Infinity };
  const found: number[] = [];
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const [firsts, lasts, voices] = [index.first.values(), index.last.values(), index.voice.values()];
  const { since, until } = question;
  let undated = 0;
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
    const [first, last] = [firsts[entry] ?? 0, lasts[entry] ?? 0];
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
    walkHappenings(index, entry, question, take);
    if (!isIn) continue;
    found.push(entry);
    sums.events[row] = (sums.events[row] ?? 0) + 1;
  }
  rollUp(tree, sums);
  const shown = chooseRows(tree, sums, question);
  return {
    rows: fillRows(index, tree, found, shown.rows, question),
    rowCount: shown.count,
    totals: sumRoots(tree, sums),
    undated,
    histogram: histogram.finish(),
    extent: extent.from <= extent.to ? extent : undefined,
  };
}

/** The totals of every row, by its number. */
interface Sums {
  readonly events: Float64Array;
  readonly count: Float64Array;
  readonly warnings: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
}

function startSums(rows: number): Sums {
  return {
    events: new Float64Array(rows),
    count: new Float64Array(rows),
    warnings: new Float64Array(rows),
    first: new Float64Array(rows).fill(Infinity),
    last: new Float64Array(rows).fill(-Infinity),
  };
}

function addTo(sums: Sums, row: number, from: Micros, to: Micros, count: number, warn: number): void {
  sums.count[row] = (sums.count[row] ?? 0) + count;
  if (warn === 1) sums.warnings[row] = (sums.warnings[row] ?? 0) + count;
  if (from < (sums.first[row] ?? 0)) sums.first[row] = from;
  if (to > (sums.last[row] ?? 0)) sums.last[row] = to;
}

/** Adds to every row what is below it; a row comes before those below it. */
function rollUp({ rows }: RowTree, sums: Sums): void {
  for (let row = rows.length - 1; row >= 0; row--) {
    const parent = rows[row]?.parent ?? -1;
    if (parent < 0 || sums.events[row] === 0) continue;
    for (const name of ['events', 'count', 'warnings'] as const)
      sums[name][parent] = (sums[name][parent] ?? 0) + (sums[name][row] ?? 0);
    sums.first[parent] = Math.min(sums.first[parent] ?? 0, sums.first[row] ?? 0);
    sums.last[parent] = Math.max(sums.last[parent] ?? 0, sums.last[row] ?? 0);
  }
}

function totalsOf(sums: Sums, row: number): Totals {
  return {
    events: sums.events[row] ?? 0,
    count: sums.count[row] ?? 0,
    warnings: sums.warnings[row] ?? 0,
    first: sums.first[row] ?? 0,
    last: sums.last[row] ?? 0,
  };
}

function sumRoots({ rows }: RowTree, sums: Sums): Totals {
  const totals = { events: 0, count: 0, warnings: 0, first: Infinity, last: -Infinity };
  for (const [row, { parent }] of rows.entries()) {
    if (parent >= 0) continue;
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

function chooseRows(
  tree: RowTree,
  sums: Sums,
  { expand, collapse, order, rows: most, offset }: TimelineQuestion,
): { readonly rows: readonly ShownRow[]; readonly count: number } {
  const children = new Uint32Array(tree.rows.length);
  const isOpen = (row: number) =>
    expand === 'all'
      ? collapse.size === 0 || !collapse.has(tree.idOf(row))
      : expand.size > 0 && expand.has(tree.idOf(row));
  /** The rows right below those that are open; -1 is the top. */
  const below = new Map<number, number[]>([[-1, []]]);
  for (let row = 0; row < tree.rows.length; row++) {
    if (sums.events[row] === 0) continue;
    const parent = tree.rows[row]?.parent ?? -1;
    if (parent >= 0) children[parent] = (children[parent] ?? 0) + 1;
    if (!below.has(parent) && isOpen(parent)) below.set(parent, []);
    below.get(parent)?.push(row);
  }
  const compare = compareRows(tree, sums, order);
  const rows: ShownRow[] = [];
  let count = 0;

  function show(parent: number, depth: number): void {
    for (const row of below.get(parent)?.sort(compare) ?? []) {
      const node = tree.rows[row];
      if (node === undefined) continue;
      const expanded = below.has(row);
      if (count >= offset && rows.length < most)
        rows.push({
          ...totalsOf(sums, row),
          number: row,
          id: tree.idOf(row),
          parent: node.parent < 0 ? null : tree.idOf(node.parent),
          depth,
          label: node.label,
          object: node.object,
          children: children[row] ?? 0,
          expanded,
        });
      count += 1;
      if (expanded) show(row, depth + 1);
    }
  }

  show(-1, 0);
  return { rows, count };
}

function compareRows(tree: RowTree, sums: Sums, order: RowOrder): (a: number, b: number) => number {
  const by = (values: Float64Array, a: number, b: number) => (values[a] ?? 0) - (values[b] ?? 0);
  const byName = (a: number, b: number) => compareText(nameOf(tree, a), nameOf(tree, b));
  switch (order) {
    case 'warnings':
      return (a, b) => by(sums.warnings, b, a) || by(sums.count, b, a) || byName(a, b);
    case 'count':
      return (a, b) => by(sums.count, b, a) || byName(a, b);
    case 'first':
      return (a, b) => by(sums.first, a, b) || byName(a, b);
    case 'last':
      return (a, b) => by(sums.last, b, a) || byName(a, b);
    case 'name':
      return byName;
  }
}

function nameOf({ rows }: RowTree, row: number): string {
  const node = rows[row];
  return node === undefined ? '' : `${node.object.namespace}\0${node.label}\0${node.object.cluster}`;
}

/** Counts the happenings of the shown rows, those of hidden ones for the nearest shown row above them. */
function fillRows(
  index: EventIndex,
  tree: RowTree,
  found: readonly number[],
  shown: readonly ShownRow[],
  window: Window,
): TimelineRow[] {
  const densities = new Map<number, { normal: Density; warning: Density }>();
  for (const { number } of shown)
    densities.set(number, { normal: createDensity(window), warning: createDensity(window) });
  const open = new Set(shown.filter(({ expanded }) => expanded).map(({ number }) => number));
  const carriers = new Int32Array(tree.rows.length).fill(-2);
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const voices = index.voice.values();
  for (const entry of found) {
    const carrier = findCarrier(tree.rowOf(entry));
    const density = densities.get(carrier);
    if (density === undefined) continue;
    const into = warns[voices[entry] ?? 0] === 1 ? density.warning : density.normal;
    walkHappenings(index, entry, window, into.add);
  }
  return shown.map((row) => ({
    ...row,
    normal: densities.get(row.number)?.normal.finish() ?? new Float64Array(0),
    warning: densities.get(row.number)?.warning.finish() ?? new Float64Array(0),
  }));

  /** The row that shows what happened in a row: itself, or the collapsed one above; -1 when that is beyond the limit. */
  function findCarrier(row: number): number {
    const known = carriers[row] ?? -2;
    if (known !== -2) return known;
    let carrier = densities.has(row) ? row : -1;
    for (let above = tree.rows[row]?.parent ?? -1; above >= 0; above = tree.rows[above]?.parent ?? -1)
      if (densities.has(above) && !open.has(above)) carrier = above;
    carriers[row] = carrier;
    return carrier;
  }
}
