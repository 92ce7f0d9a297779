import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReasonTally } from './tally-reasons.ts';

const WINDOW = { since: 0, until: 40, buckets: 4 };

test('createReasonTally tells the most frequent reasons of each bucket, voices of one reason together', () => {
  const tally = createReasonTally(WINDOW, ['BackOff', 'Pulled', 'BackOff', 'Failed']);
  tally.add(0, 1, 1, 2);
  tally.add(2, 2, 2, 3);
  tally.add(1, 3, 3, 1);
  tally.add(3, 4, 4, 1);
  tally.add(3, 39, 39, 7);
  assert.deepEqual(tally.top(2), [
    { bucket: 0, reason: 'BackOff', count: 5 },
    { bucket: 0, reason: 'Failed', count: 1 },
    { bucket: 3, reason: 'Failed', count: 7 },
  ]);
});

test('createReasonTally spreads what was folded over the buckets it lay in', () => {
  const tally = createReasonTally(WINDOW, ['BackOff']);
  tally.add(0, 5, 35, 8);
  assert.deepEqual(
    tally.top(3).map(({ bucket, count }) => [bucket, count]),
    [0, 1, 2, 3].map((bucket) => [bucket, 2]),
  );
});

test('createReasonTally tells no more than 512 reasons apart', () => {
  const tally = createReasonTally(
    WINDOW,
    Array.from({ length: 600 }, (_, number) => `Reason${number}`),
  );
  for (let voice = 0; voice < 600; voice++) tally.add(voice, 0, 0, 1);
  assert.equal(tally.top(1_000).length, 512);
});
