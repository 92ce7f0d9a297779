import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHistogramTally } from './tally-histogram.ts';
import { addHappenings } from './tally-window.ts';

const WINDOW = { since: 0, until: 40, buckets: 4 };
const calm = (reason: string) => ({ reason, warns: false });
const loud = (reason: string) => ({ reason, warns: true });

test('createHistogramTally tells the most frequent reasons of each bucket, voices of one reason together', () => {
  const tally = createHistogramTally(
    WINDOW,
    [calm('BackOff'), calm('Pulled'), loud('BackOff'), loud('Failed')],
    2,
  );
  addHappenings(tally.of(0), WINDOW, 1, 1, 2);
  addHappenings(tally.of(2), WINDOW, 2, 2, 3);
  addHappenings(tally.of(1), WINDOW, 3, 3, 1);
  addHappenings(tally.of(3), WINDOW, 4, 4, 1);
  addHappenings(tally.of(3), WINDOW, 39, 39, 7);
  const { normal, warning, reasons } = tally.finish();
  assert.deepEqual([...normal], [3, 0, 0, 0]);
  assert.deepEqual([...warning], [4, 0, 0, 7]);
  assert.deepEqual(reasons, [
    { bucket: 0, reason: 'BackOff', count: 5 },
    { bucket: 0, reason: 'Failed', count: 1 },
    { bucket: 3, reason: 'Failed', count: 7 },
  ]);
});

test('createHistogramTally spreads what was folded over the buckets it lay in', () => {
  const tally = createHistogramTally(WINDOW, [loud('BackOff')], 3);
  addHappenings(tally.of(0), WINDOW, 5, 35, 8);
  const { warning, reasons } = tally.finish();
  assert.deepEqual([...warning], [2, 2, 2, 2]);
  assert.deepEqual(
    reasons.map(({ bucket, count }) => [bucket, count]),
    [0, 1, 2, 3].map((bucket) => [bucket, 2]),
  );
});

test('createHistogramTally counts all reasons, and tells none when none is wanted and 512 apart at most', () => {
  const voices = Array.from({ length: 600 }, (_, number) => calm(`Reason${number}`));
  for (const [most, told] of [
    [0, 0],
    [1_000, 512],
  ] as const) {
    const tally = createHistogramTally(WINDOW, voices, most);
    for (let voice = 0; voice < 600; voice++) addHappenings(tally.of(voice), WINDOW, 0, 0, 1);
    const { normal, reasons } = tally.finish();
    assert.equal(normal[0], 600);
    assert.equal(reasons.length, told);
  }
});
