import { type Layout, measure } from '../lib/align-columns.ts';

/** Widths that suit every row seen so far. */
export interface Columns {
  /** Takes more rows into account; a column never gets narrower. */
  grow(rows: Iterable<readonly string[]>): void;
  /** The width of each column but the last, padding included. */
  readonly widths: readonly number[];
}

/** Columns of a table whose rows come page by page: they are as wide as what was seen so far needs. */
export function createColumns(layout: Layout): Columns {
  let widths: readonly number[] = [];
  return {
    grow(rows) {
      const more = measure(rows, layout);
      widths = Array.from({ length: Math.max(widths.length, more.length) }, (_, index) =>
        Math.max(widths[index] ?? 0, more[index] ?? 0),
      );
    },
    get widths() {
      return widths;
    },
  };
}
