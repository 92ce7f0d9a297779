import assert from 'node:assert/strict';
import test from 'node:test';
import fc from '../../test/fast-check.ts';
import { createBackoff } from './backoff.ts';
import { SECOND } from './time.ts';

test('createBackoff doubles its waits up to 30 s and begins again after a success', () => {
  const backoff = createBackoff(() => 1);
  const waits = Array.from({ length: 9 }, () => backoff.next() / SECOND);
  assert.deepEqual(waits, [0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
  backoff.reset();
  assert.equal(backoff.next(), 0.5 * SECOND);
});

test('createBackoff waits between half and all of its longest wait, whatever the dice say', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
      (dice) => {
        const thrown = [...dice];
        const backoff = createBackoff(() => thrown.shift() ?? 0);
        dice.forEach((_, index) => {
          const longest = Math.min(30, 0.5 * 2 ** index) * SECOND;
          const wait = backoff.next();
          assert.ok(wait >= longest / 2 && wait <= longest, `${wait} of ${longest}`);
        });
      },
    ),
  );
});
