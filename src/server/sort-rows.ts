import type { Column } from './columns.ts';

export interface SortedRows {
  /** The row that each row stands below; -1: none. */
  readonly parents: Int32Array;
  /** All rows, each after the one that it stands below. */
  readonly order: Int32Array;
}

/** Rows stand at most so deep: whoever writes Events may make up owners without end. */
const DEEPEST = 16;

/**
 * Sorts rows so that each comes after the one that it stands below.
 *
 * @param rootOf where a row stands whose owners own each other in a circle, or are too many: a row that stands below none, or -1
 */
export function sortRows(
  above: Pick<Column, 'get'>,
  size: number,
  rootOf: (row: number) => number,
): SortedRows {
  const parents = Int32Array.from({ length: size }, (_, row) => above.get(row));
  const order = new Int32Array(size);
  /** One more than how deep a row stands; 0: not known yet, -1: being looked for. */
  const depths = new Int8Array(size);
  const chain: number[] = [];
  let sorted = 0;

  function depthBelow(parent: number): number {
    return parent < 0 ? 1 : (depths[parent] ?? 0) + 1;
  }

  function add(row: number): void {
    depths[row] = depthBelow(parents[row] ?? -1);
    order[sorted] = row;
    sorted += 1;
  }

  for (let row = 0; row < size; row++) if ((parents[row] ?? -1) < 0) add(row);
  for (let start = 0; start < size; start++) {
    for (let row = start; row >= 0 && depths[row] === 0; row = parents[row] ?? -1) {
      depths[row] = -1;
      chain.push(row);
    }
    for (let row = chain.pop(); row !== undefined; row = chain.pop()) {
      const parent = parents[row] ?? -1;
      const isCut = parent >= 0 && ((depths[parent] ?? 0) < 0 || (depths[parent] ?? 0) > DEEPEST);
      if (isCut) parents[row] = rootOf(row);
      add(row);
    }
  }
  return { parents, order };
}
