import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import type { EventIndex } from './event-index.ts';
import type { EntryFilter } from './filter-entries.ts';
import type { RowTree } from './owner-rows.ts';
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
  readonly histogram: { readonly normal: Float64Array; readonly warning: Float64Array };
  /** Events that match and hold no time: they stand nowhere. */
  readonly undated: number;
  /** Of what matches at all times: from the first happening to the last; undefined when nothing does. */
  readonly extent: { readonly from: Micros; readonly to: Micros } | undefined;
}

/** Lays out what a viewport shows of the record, however much happened in it: two passes over the index, nothing per happening is kept. */
export function layOutTimeline(
  index: EventIndex,
  tree: RowTree,
  matches: EntryFilter,
  question: TimelineQuestion,
): Timeline {
  const histogram = { normal: createDensity(question), warning: createDensity(question) };
  const totals = startTotals();
  const extent = { from: Infinity, to: -Infinity };
  const own: (Totals | undefined)[] = [];
  const found: number[] = [];
  const [firsts, lasts] = [index.first.values(), index.last.values()];
  const size = index.size();
  let undated = 0;
  for (let entry = 0; entry < size; entry++) {
    const [first, last] = [firsts[entry] ?? 0, lasts[entry] ?? 0];
    if (first > last || !matches(entry)) continue;
    if (last === 0) {
      undated += 1;
      continue;
    }
    if (first < extent.from) extent.from = first;
    if (last > extent.to) extent.to = last;
    if (last < question.since || first >= question.until) continue;
    const warns = index.voices.get(index.voice.get(entry)).warns;
    const density = warns ? histogram.warning : histogram.normal;
    const row = tree.rowOf(entry);
    let sum = own[row];
    let isIn = false;
    walkHappenings(index, entry, question, (from, to, count) => {
      isIn = true;
      if (sum === undefined) {
        sum = startTotals();
        own[row] = sum;
      }
      density.add(from, to, count);
      addTo(sum, from, to, count, warns);
      addTo(totals, from, to, count, warns);
    });
    if (!isIn) continue;
    found.push(entry);
    if (sum !== undefined) sum.events += 1;
    totals.events += 1;
  }
  const shown = chooseRows(tree, rollUp(tree, own), question);
  const rows = fillRows(index, tree, found, shown.rows, question);
  return {
    rows,
    rowCount: shown.count,
    totals,
    undated,
    histogram: { normal: histogram.normal.finish(), warning: histogram.warning.finish() },
    extent: extent.from <= extent.to ? extent : undefined,
  };
}

/** The totals of every row with those below it; a row comes before those below it. */
function rollUp(tree: RowTree, own: readonly (Totals | undefined)[]): (Totals | undefined)[] {
  const all = tree.rows.map((_, row) => own[row] && { ...own[row] });
  for (let row = tree.rows.length - 1; row >= 0; row--) {
    const [sum, parent] = [all[row], tree.rows[row]?.parent ?? -1];
    if (sum === undefined || parent < 0) continue;
    const above = all[parent] ?? startTotals();
    all[parent] = above;
    above.events += sum.events;
    above.count += sum.count;
    above.warnings += sum.warnings;
    above.first = Math.min(above.first, sum.first);
    above.last = Math.max(above.last, sum.last);
  }
  return all;
}

type ShownRow = Omit<TimelineRow, 'normal' | 'warning'>;

function chooseRows(
  tree: RowTree,
  totals: readonly (Totals | undefined)[],
  { expand, collapse, order, rows: most, offset }: TimelineQuestion,
): { readonly rows: readonly ShownRow[]; readonly count: number } {
  const below = new Map<number, number[]>();
  for (const [row, { parent }] of tree.rows.entries()) {
    if (totals[row] === undefined) continue;
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [row]);
    else siblings.push(row);
  }
  const rows: ShownRow[] = [];
  let count = 0;

  function show(parent: number, depth: number): void {
    const children = below.get(parent) ?? [];
    children.sort((a, b) => compareRows(tree, totals, order, a, b));
    for (const row of children) {
      const [node, sum] = [tree.rows[row], totals[row]];
      if (node === undefined || sum === undefined) continue;
      const children = below.get(row)?.length ?? 0;
      const expanded = children > 0 && (expand === 'all' ? !collapse.has(node.id) : expand.has(node.id));
      if (count >= offset && rows.length < most)
        rows.push({
          ...sum,
          number: row,
          id: node.id,
          parent: tree.rows[node.parent]?.id ?? null,
          depth,
          label: node.label,
          object: node.object,
          children,
          expanded,
        });
      count += 1;
      if (expanded) show(row, depth + 1);
    }
  }

  show(-1, 0);
  return { rows, count };
}

function compareRows(
  tree: RowTree,
  totals: readonly (Totals | undefined)[],
  order: RowOrder,
  a: number,
  b: number,
): number {
  const [x, y] = [totals[a], totals[b]];
  if (x === undefined || y === undefined) return 0;
  const byName = compareNames(tree, a, b);
  switch (order) {
    case 'warnings':
      return y.warnings - x.warnings || y.count - x.count || byName;
    case 'count':
      return y.count - x.count || byName;
    case 'first':
      return x.first - y.first || byName;
    case 'last':
      return y.last - x.last || byName;
    case 'name':
      return byName;
  }
}

function compareNames(tree: RowTree, a: number, b: number): number {
  const [x, y] = [nameOf(tree, a), nameOf(tree, b)];
  return x < y ? -1 : x > y ? 1 : 0;
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
  for (const entry of found) {
    const carrier = findCarrier(tree.rowOf(entry));
    const density = densities.get(carrier);
    if (density === undefined) continue;
    const into = index.voices.get(index.voice.get(entry)).warns ? density.warning : density.normal;
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

function startTotals(): Totals {
  return { events: 0, count: 0, warnings: 0, first: Infinity, last: -Infinity };
}

function addTo(sum: Totals, from: Micros, to: Micros, count: number, warns: boolean): void {
  sum.count += count;
  if (warns) sum.warnings += count;
  if (from < sum.first) sum.first = from;
  if (to > sum.last) sum.last = to;
}
