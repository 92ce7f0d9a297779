import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCounts } from './describe-counts.ts';

const WELL = { sent: 0, rejected: 0, dropped: 0, retries: 0, waiting: 0, failing: false };

test('describeCounts tells what was sent, and what was lost only where something was', () => {
  const counts = new Map([
    ['traces', { ...WELL, sent: 1204, retries: 3 }],
    ['logs', { ...WELL, sent: 3310 }],
  ]);
  assert.equal(describeCounts(counts), '1204 spans and 3310 log records sent');
});

test('describeCounts tells what was not taken, what was given up, and that the receiver is down', () => {
  const counts = new Map([
    ['traces', { ...WELL, sent: 7, dropped: 2, failing: true }],
    ['logs', { ...WELL, rejected: 5, dropped: 1 }],
  ]);
  assert.equal(
    describeCounts(counts),
    '7 spans and 0 log records sent; not taken: 5 log records; given up: 2 spans and 1 log records; the receiver took nothing the last time: what waits is in the store',
  );
});
