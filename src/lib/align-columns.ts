import { displayWidth } from './display-width.ts';

/** How kubectl's tables are laid out: each column as wide as its widest cell and `padding` more, at least `minWidth`. */
export interface Layout {
  readonly padding: number;
  readonly minWidth: number;
}

/**
 * Pads cells to columns. The last cell of a row is not padded; a row may have fewer cells than others.
 *
 * @param rows read twice
 * @returns a line per row, without line feed
 */
export function* alignColumns(
  rows: Iterable<readonly string[]>,
  layout: Layout,
): Generator<string, void, undefined> {
  const widths = measure(rows, layout);
  for (const row of rows) {
    let line = '';
    for (const [index, cell] of row.entries()) {
      line += index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - displayWidth(cell));
    }
    yield line;
  }
}

/** The width of each column, padding included. A last cell, which is not padded, does not count. */
export function measure(rows: Iterable<readonly string[]>, layout: Layout): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (let index = 0; index < row.length - 1; index++) {
      const width = displayWidth(row[index] ?? '') + layout.padding;
      widths[index] = Math.max(widths[index] ?? layout.minWidth, width);
    }
  }
  return widths;
}
