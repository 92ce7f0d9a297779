import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MILLISECOND, MINUTE, type MicrosLength, SECOND } from '../lib/time.ts';
import { formatHumanDuration } from './human-duration.ts';

const YEAR = 365 * DAY;

/** Lengths and what kubectl prints of them: the cases of Kubernetes' own duration_test.go (a microsecond where it has a nanosecond). */
const CASES: readonly (readonly [MicrosLength, string])[] = [
  [SECOND, '1s'],
  [70 * SECOND, '70s'],
  [190 * SECOND, '3m10s'],
  [70 * MINUTE, '70m'],
  [47 * HOUR, '47h'],
  [49 * HOUR, '2d1h'],
  [(8 * 24 + 2) * HOUR, '8d'],
  [367 * DAY, '367d'],
  [(365 * 2 * 24 + 25) * HOUR, '2y1d'],
  [(365 * 8 * 24 + 2) * HOUR, '8y'],
  [-2 * SECOND, '<invalid>'],
  [-2 * SECOND + 1, '0s'],
  [0, '0s'],
  [SECOND - MILLISECOND, '0s'],
  [2 * MINUTE - MILLISECOND, '119s'],
  [2 * MINUTE, '2m'],
  [2 * MINUTE + SECOND, '2m1s'],
  [10 * MINUTE - MILLISECOND, '9m59s'],
  [10 * MINUTE, '10m'],
  [10 * MINUTE + SECOND, '10m'],
  [3 * HOUR - MILLISECOND, '179m'],
  [3 * HOUR, '3h'],
  [3 * HOUR + MINUTE, '3h1m'],
  [8 * HOUR - MILLISECOND, '7h59m'],
  [8 * HOUR, '8h'],
  [8 * HOUR + 59 * MINUTE, '8h'],
  [2 * DAY - MILLISECOND, '47h'],
  [2 * DAY, '2d'],
  [2 * DAY + HOUR, '2d1h'],
  [8 * DAY - MILLISECOND, '7d23h'],
  [8 * DAY, '8d'],
  [8 * DAY + 23 * HOUR, '8d'],
  [2 * YEAR - MILLISECOND, '729d'],
  [2 * YEAR, '2y'],
  [2 * YEAR + 23 * HOUR, '2y'],
  [2 * YEAR + 23 * HOUR + 59 * MINUTE, '2y'],
  [2 * YEAR + 24 * HOUR - MILLISECOND, '2y'],
  [2 * YEAR + 24 * HOUR, '2y1d'],
  [3 * YEAR, '3y'],
  [4 * YEAR, '4y'],
  [5 * YEAR, '5y'],
  [6 * YEAR, '6y'],
  [7 * YEAR, '7y'],
  [8 * YEAR - MILLISECOND, '7y364d'],
  [8 * YEAR, '8y'],
  [8 * YEAR + 364 * DAY, '8y'],
  [9 * YEAR, '9y'],
];

test('formatHumanDuration prints what kubectl prints when the length is any of its own test cases', () => {
  assert.equal(CASES.length, 47);
  for (const [length, expected] of CASES) assert.equal(formatHumanDuration(length), expected, String(length));
});
