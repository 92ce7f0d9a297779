import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import { borrowArray } from './borrow-array.ts';
import type { RowTree } from './owner-rows.ts';
import { compareSums, hasEvents, type Sums, type Totals, totalsOf } from './sums.ts';
import { takeFirst } from './take-first.ts';
import type { RowOrder, TimelineQuestion } from './timeline.ts';

/** A row that there is room for, with what happened in the window in it or below it. */
export interface ShownRow extends Totals {
  readonly number: number;
  readonly id: string;
  readonly parent: string | null;
  readonly depth: number;
  readonly label: string;
  readonly object: ObjectId;
  /** Rows right below it in which something happened or goes on in the window. */
  readonly children: number;
  readonly expanded: boolean;
}

/** Of a row in which nothing happened, but something goes on. */
function nothingSince(since: Micros): Totals {
  return { events: 0, count: 0, warnings: 0, first: since, last: since };
}

/**
 * The rows that there is room for, each followed by those below it where it is open; and how many there would be were there room for all.
 *
 * @param isLasting 1 for each row in which something goes on, whether or not anything happened
 */
export function chooseRows(
  tree: RowTree,
  sums: Sums,
  question: TimelineQuestion,
  isLasting: Uint8Array,
): { readonly rows: readonly ShownRow[]; readonly count: number } {
  const { order, rows: most, offset } = question;
  const openAs = (how: Pick<TimelineQuestion, 'expand' | 'collapse'>) => openRows(tree, sums, isLasting, how);
  const all = question.few === 0 ? undefined : openAs({ ...question, expand: 'all' });
  const open = all !== undefined && all.count <= question.few ? all : openAs(question);
  const compare = compareRows(tree, sums, order);
  const rows: ShownRow[] = [];
  let passed = 0;

  function show(parent: number, depth: number): void {
    const left = offset + most - passed;
    for (const row of takeFirst(listBelow(open, parent), left, compare)) {
      if (rows.length === most) return;
      const expanded = (open.heads[row + 1] ?? -1) >= 0;
      if (passed >= offset) {
        const above = tree.parents[row] ?? -1;
        rows.push({
          ...(hasEvents(sums, row) ? totalsOf(sums, row) : nothingSince(question.since)),
          number: row,
          id: tree.idOf(row),
          parent: above < 0 ? null : tree.idOf(above),
          depth,
          label: tree.labelOf(row),
          object: tree.objectOf(row),
          children: open.children[row] ?? 0,
          expanded,
        });
      }
      passed += 1;
      if (expanded) show(row, depth + 1);
    }
  }

  show(-1, 0);
  return { rows, count: open.count };
}

/** Which rows are shown, were there room for all; valid until the next time. */
interface OpenRows {
  /** Of each row how many in which something happened or goes on are right below it. */
  readonly children: Uint32Array;
  /** One of the shown rows right below each, or -1; below none, the topmost ones, comes first. */
  readonly heads: Int32Array;
  /** Of each shown row another one beside it, or -1. */
  readonly others: Int32Array;
  readonly count: number;
}

const [CLOSED, OPEN] = [1, 2];

function openRows(
  tree: RowTree,
  sums: Sums,
  isLasting: Uint8Array,
  { expand, collapse }: Pick<TimelineQuestion, 'expand' | 'collapse'>,
): OpenRows {
  const { parents, order, size } = tree;
  const children = borrowArray('children', Uint32Array, size);
  const heads = borrowArray('heads', Int32Array, size + 1).fill(-1);
  const others = borrowArray('others', Int32Array, size).fill(-1);
  const states = borrowArray('states', Uint8Array, size);
  const isOpen = (row: number) =>
    expand === 'all'
      ? collapse.size === 0 || !collapse.has(tree.idOf(row))
      : expand.size > 0 && expand.has(tree.idOf(row));
  let count = 0;
  for (let at = 0; at < size; at++) {
    const row = order[at] ?? 0;
    if (!hasEvents(sums, row) && isLasting[row] !== 1) continue;
    const parent = parents[row] ?? -1;
    if (parent >= 0) {
      children[parent] = (children[parent] ?? 0) + 1;
      if (states[parent] === 0) states[parent] = isOpen(parent) ? OPEN : CLOSED;
      if (states[parent] === CLOSED) {
        states[row] = CLOSED;
        continue;
      }
    }
    others[row] = heads[parent + 1] ?? -1;
    heads[parent + 1] = row;
    count += 1;
  }
  return { children, heads, others, count };
}

function listBelow({ heads, others }: OpenRows, parent: number): number[] {
  const rows: number[] = [];
  for (let row = heads[parent + 1] ?? -1; row >= 0; row = others[row] ?? -1) rows.push(row);
  return rows;
}

function compareRows(tree: RowTree, sums: Sums, order: RowOrder): (a: number, b: number) => number {
  const byName = tree.compareNames;
  if (order === 'name') return byName;
  const by = compareSums(sums, order);
  const byCount = compareSums(sums, 'count');
  switch (order) {
    case 'warnings':
      return (a, b) => by(b, a) || byCount(b, a) || byName(a, b);
    case 'first':
      return (a, b) => by(a, b) || byName(a, b);
    default:
      return (a, b) => by(b, a) || byName(a, b);
  }
}
