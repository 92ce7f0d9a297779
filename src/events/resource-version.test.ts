import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { compareResourceVersions } from './resource-version.ts';

test('compareResourceVersions compares numbers when they are of any size', () => {
  const anyNumber = fc.bigInt({ min: 0n, max: 10n ** 40n });
  fc.assert(
    fc.property(anyNumber, anyNumber, (a, b) => {
      assert.equal(Math.sign(compareResourceVersions(String(a), String(b))), a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test('compareResourceVersions is a total order when some are no numbers', () => {
  const any = fc.oneof(fc.constantFrom('', '0', '7', '10', '007', 'abc', '-1', '1.5'), fc.string());
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      assert.equal(Math.sign(compareResourceVersions(a, b)) + Math.sign(compareResourceVersions(b, a)), 0);
      assert.equal(compareResourceVersions(a, b) === 0, a === b);
      if (compareResourceVersions(a, b) < 0 && compareResourceVersions(b, c) < 0)
        assert.ok(compareResourceVersions(a, c) < 0);
    }),
    { numRuns: 2_000 },
  );
});
