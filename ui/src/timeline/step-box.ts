import type { Box, TimelineLayout } from './layout-timeline.ts';

/**
 * What comes after (1) or before (-1) something in a row, in time; of what begins together, the longer first. Without something to start from,
 * the first that is seen. Undefined at the end.
 */
export function stepBox(
  { boxes }: TimelineLayout,
  row: number,
  from: Box | undefined,
  by: 1 | -1,
): Box | undefined {
  const inRow = boxes
    .filter((box) => box.row === row)
    .sort((a, b) => a.from - b.from || b.to - a.to || a.y - b.y);
  const at = from === undefined ? -1 : inRow.findIndex((box) => isSame(box, from));
  return inRow[at === -1 ? 0 : at + by];
}

function isSame(a: Box, b: Box): boolean {
  return a.shape === b.shape && a.from === b.from && a.to === b.to && idOf(a) === idOf(b);
}

function idOf({ ref }: Box): string {
  return ref.kind === 'many' ? ref.row : ref.id;
}
