import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { sortInPlace } from './sort-in-place.ts';

interface Item {
  readonly key: number;
  readonly index: number;
}

test('sortInPlace sorts as Array.prototype.sort does, equal ones in the order they came', () => {
  const byKey = (a: Item, b: Item) => a.key - b.key;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 8 }), (keys) => {
      const list = keys.map((key, index) => ({ key, index }));
      const sorted = list.toSorted(byKey);
      assert.equal(sortInPlace(list, byKey), list);
      assert.deepEqual(list, sorted);
    }),
  );
});
