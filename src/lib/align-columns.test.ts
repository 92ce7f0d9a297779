import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignColumns } from './align-columns.ts';

test('alignColumns pads each column to its widest cell and not the last when rows differ', () => {
  const lines = alignColumns([['A', 'BB', 'C'], ['aaaa', 'b', 'c'], ['x']], { padding: 2, minWidth: 0 });
  assert.deepEqual([...lines], ['A     BB  C', 'aaaa  b   c', 'x']);
});

test('alignColumns keeps a column as wide as the least width when its cells are short', () => {
  assert.deepEqual([...alignColumns([['a', 'b']], { padding: 3, minWidth: 6 })], ['a     b']);
  assert.deepEqual([...alignColumns([['', 'b']], { padding: 3, minWidth: 6 })], ['      b']);
});

test('alignColumns lines columns up on a terminal when cells hold wide characters and combining marks', () => {
  const rows = [
    ['図書', '|'],
    ['e\u0301', '|'],
    ['👩‍👩‍👧', '|'],
    ['abcd', '|'],
  ];
  assert.deepEqual(
    [...alignColumns(rows, { padding: 1, minWidth: 0 })],
    ['図書 |', 'e\u0301    |', '👩‍👩‍👧   |', 'abcd |'],
  );
});
