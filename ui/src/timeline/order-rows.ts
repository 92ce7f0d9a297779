import type { TimelineRow } from './timeline-data.ts';

/** In which place a topmost row stands, by its id. */
export type RowRanks = ReadonlyMap<string, number>;

/**
 * Ranks for rows, keeping those that are known: what is read must not change its place while the record grows or the view moves. What is new
 * comes after.
 */
export function rankRows(known: RowRanks, ids: readonly string[]): RowRanks {
  const fresh = ids.filter((id) => !known.has(id));
  if (fresh.length === 0) return known;
  const ranks = new Map(known);
  for (const id of fresh) ranks.set(id, ranks.size);
  return ranks;
}

/** The rows with their topmost ones, and all below each, in the order of the ranks; those without one stay as they are, at the end. */
export function orderRows(rows: readonly TimelineRow[], ranks: RowRanks): TimelineRow[] {
  const trees: { readonly rank: number; readonly rows: TimelineRow[] }[] = [];
  for (const row of rows) {
    if (row.depth === 0 || trees.length === 0)
      trees.push({ rank: ranks.get(row.id) ?? Number.POSITIVE_INFINITY, rows: [] });
    trees.at(-1)?.rows.push(row);
  }
  return trees.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank)).flatMap((tree) => tree.rows);
}
