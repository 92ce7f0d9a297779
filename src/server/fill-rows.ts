import { borrowArray } from './borrow-array.ts';
import type { ShownRow } from './choose-rows.ts';
import type { EventIndex } from './event-index.ts';
import type { EntryFilter } from './filter-entries.ts';
import type { RowTree } from './owner-rows.ts';
import { createDensity, createWindowTally, finishDensity, type Window } from './tally-window.ts';
import type { TimelineRow } from './timeline.ts';

const NOTHING = new Float64Array(0);

/** Counts the happenings of the shown rows, those of hidden ones for the nearest shown row above them. */
export function fillRows(
  index: EventIndex,
  tree: RowTree,
  matches: EntryFilter,
  shown: readonly ShownRow[],
  window: Window,
): TimelineRow[] {
  if (shown.length === 0) return [];
  /** Of each row what is calm, then what warns. */
  const densities = Array.from({ length: 2 * shown.length }, () => createDensity(window));
  const carrierOf = readCarriers(index, tree, findCarriers(tree, shown));
  const warns = Uint8Array.from(index.voices.items, (voice) => Number(voice.warns));
  const [firsts, lasts, voices] = [index.first.values(), index.last.values(), index.voice.values()];
  const tally = createWindowTally(index, window);
  const { since, until } = window;
  const size = index.size();
  for (let entry = 0; entry < size; entry++) {
    const carrier = carrierOf(entry);
    if (carrier < 0) continue;
    const first = firsts[entry] ?? 0;
    const last = lasts[entry] ?? 0;
    if (last < since || first >= until || last === 0 || first > last || !matches(entry)) continue;
    const density = densities[2 * carrier + (warns[voices[entry] ?? 0] ?? 0)];
    if (density !== undefined) tally.draw(entry, density);
  }
  const finished = densities.map(finishDensity);
  return shown.map((row, at) => {
    const [normal = NOTHING, warning = NOTHING] = finished.slice(2 * at, 2 * at + 2);
    return { ...row, normal, warning };
  });
}

/** Which of the shown rows shows an entry. By object, where that tells the row: there are fewer of them, and they stay at hand. */
function readCarriers(index: EventIndex, tree: RowTree, carriers: Int16Array): (entry: number) => number {
  const { rowOf, rowOfObject } = tree;
  if (rowOfObject === undefined) return (entry) => carriers[rowOf(entry)] ?? -1;
  const byObject = borrowArray('byObject', Int16Array, index.objects.length);
  for (let object = 0; object < byObject.length; object++)
    byObject[object] = carriers[rowOfObject(object)] ?? -1;
  const objects = index.object.values();
  return (entry) => byObject[objects[entry] ?? 0] ?? -1;
}

/** Of each row which of the shown rows shows what happened in it: itself, or the collapsed one above; -1 when that is beyond the limit. */
function findCarriers({ parents, order, size }: RowTree, shown: readonly ShownRow[]): Int16Array {
  const carriers = borrowArray('carriers', Int16Array, size).fill(-1);
  const open = borrowArray('open', Uint8Array, size);
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
