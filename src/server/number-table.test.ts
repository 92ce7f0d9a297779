import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { createNumberTable } from './number-table.ts';

test('createNumberTable answers as a Map does', () => {
  const texts = fc.stringMatching(/^c\/[ab]{1,2}\/web-[0-9a-f]{1,3}$/);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(texts, fc.nat(2 ** 31 - 1)), { maxLength: 200 }),
      fc.array(texts),
      (set, others) => {
        const [table, map] = [createNumberTable(), new Map(set)];
        for (const [text, number] of set) table.set(text, number);
        for (const text of [...map.keys(), ...others]) assert.equal(table.get(text), map.get(text));
      },
    ),
    { numRuns: 200 },
  );
});

test('createNumberTable tells 200,000 names apart that differ in one place', () => {
  const table = createNumberTable();
  const name = (n: number) =>
    `c-1/shop/podinfo-5c5dff7b9b-2dcz9.18eab94${n.toString(16).padStart(8, '0')}@1795451150000000`;
  for (let n = 0; n < 200_000; n++) table.set(name(n), n);
  for (let n = 0; n < 200_000; n++) assert.equal(table.get(name(n)), n);
  assert.equal(table.get(name(200_000)), undefined);
});
