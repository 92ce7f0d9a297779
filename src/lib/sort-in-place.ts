/**
 * Sorts as `Array.prototype.sort` does, without copying what is in order already: for lists that nearly always are.
 *
 * @returns the same list
 */
export function sortInPlace<Item>(list: Item[], compare: (a: Item, b: Item) => number): Item[] {
  return isSorted(list, compare) ? list : list.sort(compare);
}

function isSorted<Item>(list: readonly Item[], compare: (a: Item, b: Item) => number): boolean {
  let [before] = list;
  for (let index = 1; index < list.length; index++) {
    const item = list[index];
    if (before !== undefined && item !== undefined && compare(before, item) > 0) return false;
    before = item;
  }
  return true;
}
