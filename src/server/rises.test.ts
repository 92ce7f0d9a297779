import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { createRises } from './rises.ts';

const occurrences = fc.array(
  fc.record(
    { at: fc.integer({ min: 0, max: 1e6 }), count: fc.integer({ min: 0, max: 9 }) },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 12 },
);
const sets = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), occurrences), { maxLength: 60 });

test('createRises gives back what was set last, however entries grow and shrink', () => {
  fc.assert(
    fc.property(sets, (given) => {
      const rises = createRises(8);
      const expected = new Map<number, (typeof given)[number][1]>();
      for (const [entry, states] of given) {
        rises.set(entry, states);
        expected.set(entry, states);
        const { ats, counts, starts, lengths } = rises.values();
        for (const [each, known] of expected) {
          const [start = 0, length = 0] = [starts[each], lengths[each]];
          const isSingle = known.length === 1 && known[0]?.count === 1;
          const kept = [...ats.subarray(start, start + length)].map((at, i) => ({
            at,
            count: counts[start + i] ?? -1,
          }));
          assert.deepEqual(kept, isSingle ? [] : known);
          const sum = known.reduce((all, { count }) => all + count, 0);
          assert.equal(rises.sum(each), isSingle ? 1 : sum);
        }
      }
    }),
  );
});
