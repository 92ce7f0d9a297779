import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRow } from './make-row.test-helper.ts';
import { orderRows, rankRows } from './order-rows.ts';

test('rankRows keeps the places of rows that are known when others warn more now', () => {
  const first = rankRows(new Map(), ['a', 'b']);
  const later = rankRows(first, ['c', 'b', 'a']);
  assert.deepEqual([...later.keys()], ['a', 'b', 'c']);
  assert.equal(rankRows(later, ['b']), later);
});

test('orderRows moves a row with all below it', () => {
  const rows = [
    makeRow({ id: 'a', depth: 0 }),
    makeRow({ id: 'a1', depth: 1 }),
    makeRow({ id: 'x', depth: 0 }),
    makeRow({ id: 'b', depth: 0 }),
    makeRow({ id: 'b1', depth: 1 }),
  ];
  const ordered = orderRows(
    rows,
    new Map([
      ['b', 0],
      ['a', 1],
    ]),
  );
  assert.deepEqual(
    ordered.map(({ id }) => id),
    ['b', 'b1', 'a', 'a1', 'x'],
  );
});
