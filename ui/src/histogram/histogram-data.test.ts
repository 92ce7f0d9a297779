import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../../src/lib/time.ts';
import { UTC } from '../time/time-zone.ts';
import { describePart } from './describe-part.ts';
import { findPart, type HistogramData, nextPart } from './histogram-data.ts';

const FROM = 1_795_451_040 * SECOND;
const DATA: HistogramData = {
  window: { from: FROM, to: FROM + 10 * MINUTE },
  normal: [0, 0, 1_200, 0, 0, 0, 0, 2, 0, 0],
  warning: [0, 0, 34, 0, 0, 0, 0, 0.25, 0, 0],
  reasons: [
    [2, 'BackOff', 1_000],
    [2, 'Pulled', 100],
    [2, 'Failed', 34],
    [7, 'Scheduled', 2],
    [7, '', 0.25],
  ],
  gaps: [],
};

test('findPart finds the column of a time or the nearest within reach, and none far from all', () => {
  const find = (minutes: number, reach: number) => findPart(DATA, FROM + minutes * MINUTE, reach * MINUTE);
  assert.equal(find(2.5, 0), 2);
  assert.equal(find(1.9, 0.2), 2);
  assert.equal(find(1.5, 0.2), undefined);
  assert.equal(find(3.1, 0.2), 2);
  assert.equal(find(3.3, 0.2), undefined);
  assert.equal(find(5.4, 3), 7);
  assert.equal(find(4.6, 3), 2);
  assert.equal(find(-1, 1), undefined);
  assert.equal(find(11, 4), 7);
});

test('nextPart goes from column to column, from beyond the ends too, and stops at the last', () => {
  assert.equal(nextPart(DATA, -5, 1), 2);
  assert.equal(nextPart(DATA, 2, 1), 7);
  assert.equal(nextPart(DATA, 7, 1), undefined);
  assert.equal(nextPart(DATA, 99, -1), 7);
  assert.equal(nextPart(DATA, 2, -1), undefined);
});

test('describePart tells the time, how much happened, the most frequent reasons, and how much has others', () => {
  assert.deepEqual(describePart(DATA, 2, UTC), {
    title: 'Mon 23 Nov 2026, 16:26:00 – 16:27:00 · 1m',
    lines: [
      '1,200 Normal, 34 Warning',
      '1,000 × BackOff',
      '100 × Pulled',
      '34 × Failed',
      'and 100 of other reasons',
    ],
  });
  assert.deepEqual(describePart(DATA, 7, UTC).lines, [
    '2 Normal, <1 Warning',
    '2 × Scheduled',
    '<1 × (no reason)',
  ]);
});

test('describePart tells both days where a column is of two', () => {
  const data = { ...DATA, window: { from: FROM, to: FROM + 10 * 24 * HOUR } };
  assert.match(
    describePart(data, 2, UTC).title,
    /^Wed 25 Nov 2026, 16:24:00 – Thu 26 Nov 2026, 16:24:00 · 1d$/,
  );
});
