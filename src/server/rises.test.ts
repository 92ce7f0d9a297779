import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { createRises, type RiseValues } from './rises.ts';

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
      const rises = createRises();
      const expected = new Map<number, (typeof given)[number][1]>();
      for (const [entry, states] of given) {
        rises.set(entry, states);
        expected.set(entry, states);
        for (const [each, known] of expected) {
          const isSingle = known.length === 1 && known[0]?.count === 1;
          const count = known.reduce((sum, rise) => sum + rise.count, 0);
          assert.equal(rises.read(each)?.count, isSingle ? undefined : count);
          if (!isSingle) assert.deepEqual(listRises(rises.values(), each), known);
        }
      }
    }),
  );
});

function listRises({ places, begins, ends, ats, counts }: RiseValues, entry: number) {
  const [begin, end] = [begins[places[entry] ?? 0] ?? 0, ends[places[entry] ?? 0] ?? 0];
  return [...ats.subarray(begin, end)].map((at, i) => ({ at, count: counts[begin + i] ?? -1 }));
}
