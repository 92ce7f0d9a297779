import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { HarkError } from './errors.ts';
import { parseDuration, readDuration } from './parse-duration.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

test('parseDuration reads each unit, several parts and decimals', () => {
  const cases: [string, number][] = [
    ['90s', 90 * SECOND],
    ['15m', 15 * MINUTE],
    ['2h', 2 * HOUR],
    ['7d', 7 * DAY],
    ['1h30m', 90 * MINUTE],
    ['1.5h', 90 * MINUTE],
    ['2w', 14 * DAY],
    ['250ms', SECOND / 4],
    [' 5m ', 5 * MINUTE],
    ['0s', 0],
  ];
  for (const [text, length] of cases) assert.equal(parseDuration(text, '--since'), length, text);
});

test('parseDuration names the flag, the value, what is wanted and an example when it is no duration', () => {
  for (const text of [
    '',
    '5',
    'm',
    '5 m',
    '-5m',
    '5y',
    '1h-30m',
    'h1',
    '1e3s',
    '9999999999999d',
    'tomorrow',
  ]) {
    assert.throws(
      () => parseDuration(text, '--retention'),
      (error: unknown) => {
        assert.ok(error instanceof HarkError);
        assert.equal(error.exitCode, 2);
        assert.ok(
          error.message.includes(`--retention "${text}"`) && error.message.includes('unit'),
          error.message,
        );
        assert.match(error.hint, /--retention 15m/);
        return true;
      },
    );
  }
});

test('readDuration adds up its parts whatever their order', () => {
  const part = fc.tuple(fc.nat(10_000), fc.constantFrom('s', 'm', 'h', 'd'));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const units = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;
      const sum = parts.reduce((total, [n, unit]) => total + n * units[unit as 's'], 0);
      assert.equal(readDuration(parts.map(([n, unit]) => `${n}${unit}`).join('')), sum);
    }),
    { numRuns: 200 },
  );
});
