import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { sortRows } from './sort-rows.ts';

/** Row 0 stands below none, and is where those stand whose owners lead nowhere. */
function sort(above: readonly number[]) {
  return sortRows({ get: (row) => above[row] ?? -1 }, above.length, (row) => (row === 0 ? -1 : 0));
}

test('sortRows puts each row once, after the one that it stands below, whoever owns whom', () => {
  const owners = fc
    .array(fc.integer({ min: -1, max: 29 }), { minLength: 30, maxLength: 30 })
    .map((above) => above.with(0, -1));
  fc.assert(
    fc.property(owners, (above) => {
      const { parents, order } = sort(above);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        above.map((_, row) => row),
      );
      const places = new Map([...order].map((row, place) => [row, place]));
      for (const [row, parent] of parents.entries()) {
        assert.ok(parent < 0 || (places.get(parent) ?? Infinity) < (places.get(row) ?? -1), `${row}`);
        assert.ok(parent === above[row] || parent === 0, 'an owner, or the top');
      }
    }),
  );
});

test('sortRows leaves every row below its owner when nobody owns an owner', () => {
  const above = [-1, 0, 1, 2, 2, -1, 5];
  assert.deepEqual([...sort(above).parents], above);
});

test('sortRows lets nobody stand deeper than 17 rows when someone makes up a thousand owners', () => {
  const { parents } = sort(Array.from({ length: 1_000 }, (_, row) => row - 1));
  const depths: number[] = [];
  for (const parent of parents) depths.push(parent < 0 ? 0 : (depths[parent] ?? 0) + 1);
  assert.ok(Math.max(...depths) <= 17, `${Math.max(...depths)}`);
});
