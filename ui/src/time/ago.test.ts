import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../../src/lib/time.ts';
import { formatAgo } from './ago.ts';

const FROM = 1_795_451_040 * SECOND;

test('formatAgo tells how long ago something was, and what is to come', () => {
  const now = { from: FROM, is: 'now' } as const;
  const tell = (length: number) => formatAgo(FROM - length, now);
  assert.deepEqual([0, 999_999, -999_999].map(tell), ['now', 'now', 'now']);
  assert.deepEqual([SECOND, 4 * MINUTE + 12 * SECOND, 400 * 24 * HOUR].map(tell), [
    '1s ago',
    '4m 12s ago',
    '400d ago',
  ]);
  assert.equal(tell(-3 * SECOND), 'in 3s');
});

test('formatAgo counts from the end of a record that stands still', () => {
  const end = { from: FROM, is: 'end' } as const;
  assert.equal(formatAgo(FROM, end), 'at the end');
  assert.equal(formatAgo(FROM - 2 * HOUR, end), '2h before the end');
  assert.equal(formatAgo(FROM + 2 * SECOND, end), '2s after the end');
});
