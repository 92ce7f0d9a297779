import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { takeFirst } from './take-first.ts';

test('takeFirst gives what sorting all and taking the first gives', () => {
  const numbers = fc.uniqueArray(fc.integer(), { maxLength: 200 });
  const compare = (a: number, b: number) => a - b;
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 20 }), (items, most) => {
      assert.deepEqual(takeFirst(items, most, compare), items.toSorted(compare).slice(0, most));
    }),
  );
});
