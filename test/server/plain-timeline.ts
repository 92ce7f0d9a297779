import { compareText } from '../../src/events/compare-events.ts';
import type { RecordedEvent } from '../../src/events/event.ts';
import { happenedAt, lastHappenedAt } from '../../src/events/event-time.ts';
import type { Micros } from '../../src/lib/time.ts';
import type { RowTree } from '../../src/server/owner-rows.ts';
import type { Window } from '../../src/server/tally-window.ts';
import type { TimelineQuestion } from '../../src/server/timeline.ts';

/** An Event that matches, and the row that it belongs to. */
export interface PlacedRecord {
  readonly record: RecordedEvent;
  readonly row: number;
}

interface Part {
  readonly from: Micros;
  readonly to: Micros;
  readonly count: number;
}

const bare = () => ({ events: 0, count: 0, warnings: 0, first: Infinity, last: -Infinity });

/** A timeline as `layOutTimeline` gives it, counted the long way: Event by Event, happening by happening, row by row. */
export function plainTimeline(placed: readonly PlacedRecord[], tree: RowTree, question: TimelineQuestion) {
  const totals = Array.from({ length: tree.size }, bare);
  const [all, histogram] = [bare(), startCounts(question)];
  const reasons = new Map<string, number>();
  const shares: { readonly path: readonly number[]; readonly warns: boolean; readonly part: Part }[] = [];
  const extent = { from: Infinity, to: -Infinity };
  let undated = 0;
  for (const { record, row } of placed) {
    const last = lastHappenedAt(record.event);
    const first = Math.min(happenedAt(record.event), last);
    if (last === 0) {
      undated += 1;
      continue;
    }
    extent.from = Math.min(extent.from, first);
    extent.to = Math.max(extent.to, last);
    const parts = last < question.since || first >= question.until ? [] : partsOf(record, question);
    if (parts.length === 0) continue;
    const [path, warns] = [pathTo(tree, row), record.event.type !== 'Normal'];
    for (const into of [all, ...path.map((each) => totals[each] ?? bare())]) {
      into.events += 1;
      for (const { from, to, count } of parts) {
        into.count += count;
        if (warns) into.warnings += count;
        into.first = Math.min(into.first, from);
        into.last = Math.max(into.last, to);
      }
    }
    for (const part of parts) {
      shares.push({ path, warns, part });
      spread(part, question, (bucket, count) => {
        addAt(histogram[warns ? 'warning' : 'normal'], bucket, count);
        const key = `${bucket} ${record.event.reason}`;
        if (question.reasons > 0) reasons.set(key, (reasons.get(key) ?? 0) + count);
      });
    }
  }

  const present = totals.flatMap(({ events }, row) => (events > 0 ? [row] : []));
  const below = (parent: number) => present.filter((row) => tree.parents[row] === parent);
  const list = (isOpen: (row: number) => boolean, parent = -1, depth = 0): [row: number, depth: number][] =>
    below(parent)
      .sort((a, b) => compare(a, b))
      .flatMap((row) => [[row, depth], ...(isOpen(row) ? list(isOpen, row, depth + 1) : [])]);
  function compare(a: number, b: number): number {
    const [x, y] = [totals[a] ?? bare(), totals[b] ?? bare()];
    const byName =
      compareText(tree.objectOf(a).namespace, tree.objectOf(b).namespace) ||
      compareText(tree.labelOf(a), tree.labelOf(b)) ||
      compareText(tree.objectOf(a).cluster, tree.objectOf(b).cluster);
    switch (question.order) {
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

  const { expand, collapse, few } = question;
  const opensAll = (row: number) => !collapse.has(tree.idOf(row));
  const opens = expand === 'all' ? opensAll : (row: number) => expand.has(tree.idOf(row));
  const isOpen = list(opensAll).length <= few ? opensAll : opens;
  const rows = list(isOpen);
  return {
    rows: rows.slice(question.offset, question.offset + question.rows).map(([row, depth]) => {
      const density = startCounts(question);
      for (const { path, warns, part } of shares) {
        const carrier = path.find((each) => !isOpen(each)) ?? path.at(-1);
        if (carrier !== row) continue;
        spread(part, question, (bucket, count) =>
          addAt(density[warns ? 'warning' : 'normal'], bucket, count),
        );
      }
      const parent = tree.parents[row] ?? -1;
      return {
        ...totals[row],
        number: row,
        id: tree.idOf(row),
        parent: parent < 0 ? null : tree.idOf(parent),
        depth,
        label: tree.labelOf(row),
        object: tree.objectOf(row),
        children: below(row).length,
        expanded: isOpen(row) && below(row).length > 0,
        ...density,
      };
    }),
    rowCount: rows.length,
    totals: all,
    undated,
    histogram: { ...histogram, reasons },
    extent: extent.from <= extent.to ? extent : undefined,
  };
}

/** From the topmost row to the row itself. */
function pathTo(tree: RowTree, row: number): number[] {
  return row < 0 ? [] : [...pathTo(tree, tree.parents[row] ?? -1), row];
}

/** The happenings of an Event in a window. */
function partsOf({ event, occurrences }: RecordedEvent, { since, until }: Window): Part[] {
  const [only] = occurrences;
  const happened =
    occurrences.length === 1 && only?.count === 1
      ? [{ at: lastHappenedAt(event), count: 1, since: lastHappenedAt(event) }]
      : occurrences.map(({ at, count }, number) => ({
          at,
          count,
          since: count > 1 ? (occurrences[number - 1]?.at ?? at) : at,
        }));
  return happened.flatMap(({ at, count, since: begin }): Part[] => {
    if (count <= 0 || begin >= until || at < since) return [];
    if (begin >= since && at < until) return [{ from: begin, to: at, count }];
    const [from, to] = [Math.max(begin, since), Math.min(at, until - 1)];
    return from > to ? [] : [{ from, to, count: (count * (to - from)) / Math.max(1, at - begin) }];
  });
}

function spread({ from, to, count }: Part, window: Window, add: (bucket: number, count: number) => void) {
  const { since, until, buckets } = window;
  const bucketOf = (at: Micros) =>
    Math.min(buckets - 1, Math.floor((at - since) * (buckets / Math.max(1, until - since))));
  const [first, last] = [bucketOf(from), bucketOf(to)];
  for (let bucket = first; bucket <= last; bucket++) add(bucket, count / (last - first + 1));
}

function startCounts({ buckets }: Window) {
  return { normal: Array<number>(buckets).fill(0), warning: Array<number>(buckets).fill(0) };
}

function addAt(counts: number[], bucket: number, count: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + count;
}
