import type { Occurrence } from '../../events/event.ts';

const LEVELS = '▁▂▃▄▅▆▇█';

/**
 * A small bar of when repeats fell: each cell is an equal part of the time between the first and the last, its height how many fell into
 * it. Happenings that were told together are spread over the time since those before.
 */
export function drawBar(occurrences: readonly Occurrence[], cells: number): string {
  const [first, last] = [occurrences[0]?.at ?? 0, occurrences.at(-1)?.at ?? 0];
  if (last <= first) return '';
  const heights = new Array<number>(cells).fill(0);
  const cellOf = (at: number) => Math.min(cells - 1, Math.floor(((at - first) / (last - first)) * cells));
  for (const [index, { at, count }] of occurrences.entries()) {
    const since = occurrences[index - 1]?.at ?? at;
    const [from, to] = count > 1 ? [cellOf(since), cellOf(at)] : [cellOf(at), cellOf(at)];
    for (let cell = from; cell <= to; cell++) heights[cell] = (heights[cell] ?? 0) + count / (to - from + 1);
  }
  return drawHeights(heights);
}

/** A bar of one cell for each height, the highest full; what is more than nothing is seen. */
export function drawHeights(heights: readonly number[]): string {
  const highest = Math.max(...heights);
  return heights.map((height) => LEVELS[levelOf(highest === 0 ? 0 : height / highest)] ?? '').join('');
}

function levelOf(share: number): number {
  return share === 0 ? 0 : Math.max(1, Math.min(LEVELS.length - 1, Math.round(share * (LEVELS.length - 1))));
}
