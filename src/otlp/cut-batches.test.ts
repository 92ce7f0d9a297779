import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { cutBatches } from './cut-batches.ts';

test('cutBatches gives all items in order, in batches that are neither empty nor larger than need be', () => {
  const most = { bytes: 100, items: 7 };
  fc.assert(
    fc.property(fc.array(fc.nat(150)), (sizes) => {
      const batches = [...cutBatches(sizes, (size) => size, most)];
      assert.deepEqual(batches.flat(), sizes);
      for (const batch of batches) {
        const bytes = batch.reduce((sum, size) => sum + size, 0);
        assert.ok(batch.length > 0 && batch.length <= most.items);
        assert.ok(bytes <= most.bytes || batch.length === 1);
      }
    }),
  );
});
