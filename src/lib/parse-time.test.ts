import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { HarkError } from './errors.ts';
import { parseMoment, parseTime, readTime } from './parse-time.ts';
import { HOUR, MINUTE } from './time.ts';

const TEN = Date.UTC(2024, 4, 1, 10) * 1000;

test('parseTime reads RFC 3339 in any zone and to the microsecond', () => {
  const cases: [string, number][] = [
    ['2024-05-01T10:00:00Z', TEN],
    ['2024-05-01t10:00:00z', TEN],
    ['2024-05-01 10:00:00Z', TEN],
    ['2024-05-01T10:00Z', TEN],
    ['2024-05-01T12:00:00+02:00', TEN],
    ['2024-05-01T12:00+02:00', TEN],
    ['2024-05-01T04:30:00-05:30', TEN],
    ['2024-05-01T10:00:00.25Z', TEN + 250_000],
    ['2024-05-01T10:00:00.123456789Z', TEN + 123_456],
    ['2024-05-01', TEN - 10 * HOUR],
    ['2024-02-29', Date.UTC(2024, 1, 29) * 1000],
  ];
  for (const [text, time] of cases) assert.equal(parseTime(text, '--now'), time, text);
});

test('parseTime reads back every time that Date prints', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2254-12-31'), noInvalidDate: true }), (date) => {
      assert.equal(readTime(date.toISOString()), date.getTime() * 1000);
    }),
    { numRuns: 300 },
  );
});

test('parseTime refuses days and hours that do not exist', () => {
  for (const text of [
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31T10:00:00Z',
    '2024-05-01T24:00:00Z',
    '2024-05-01T10:60:00Z',
    '',
    'now',
  ]) {
    assert.throws(() => parseTime(text, '--now'), HarkError, text);
  }
});

test('parseTime says that the time zone is missing when only that is missing', () => {
  assert.throws(
    () => parseTime('2024-05-01T10:00:00', '--now'),
    (error: unknown) =>
      error instanceof HarkError &&
      /no time zone/.test(error.message) &&
      error.hint.includes('2024-05-01T10:00:00Z'),
  );
});

test('parseMoment takes a duration as so long before now, and a time as it is', () => {
  assert.equal(parseMoment('15m', TEN, '--since'), TEN - 15 * MINUTE);
  assert.equal(parseMoment('2024-05-01T10:00:00Z', TEN + HOUR, '--since'), TEN);
});

test('parseMoment names the flag, the value and examples of both forms when it is neither', () => {
  assert.throws(
    () => parseMoment('tomorow', TEN, '--since'),
    (error: unknown) => {
      assert.ok(error instanceof HarkError);
      assert.match(error.message, /--since "tomorow" is not a duration or a time/);
      assert.match(error.hint, /--since 15m.*--since 2024-05-01T10:00:00Z/);
      return true;
    },
  );
});
