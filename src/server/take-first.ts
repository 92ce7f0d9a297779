/** The first so many in an order, sorted: cheaper than sorting all where there are many more. */
export function takeFirst<T>(items: readonly T[], most: number, compare: (a: T, b: T) => number): T[] {
  if (items.length <= 2 * most) return [...items].sort(compare).slice(0, Math.max(0, most));
  if (most <= 0) return [];
  let first: T[] = [];
  let last: T | undefined;
  for (const item of items) {
    if (last !== undefined && compare(item, last) >= 0) continue;
    first.push(item);
    if (first.length < 2 * most) continue;
    first = first.sort(compare).slice(0, most);
    last = first.at(-1);
  }
  return first.sort(compare).slice(0, most);
}
