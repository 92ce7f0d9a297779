import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { formatMicroTime, formatTime, parseTime, parseTimeOrLast } from './rfc3339.ts';

test('parseTime reads what Kubernetes writes', () => {
  assert.equal(parseTime('2026-11-23T15:28:47Z'), Date.UTC(2026, 10, 23, 15, 28, 47) * 1000);
  assert.equal(parseTime('2026-11-23T15:33:01.776516Z'), Date.UTC(2026, 10, 23, 15, 33, 1) * 1000 + 776_516);
});

test('parseTime reads every spelling of RFC 3339', () => {
  const expected = Date.UTC(2026, 10, 23, 15, 28, 47) * 1000;
  for (const text of [
    '2026-11-23t15:28:47z',
    '2026-11-23 15:28:47Z',
    '2026-11-23T17:28:47+02:00',
    '2026-11-23T09:58:47-05:30',
  ]) {
    assert.equal(parseTime(text), expected, text);
  }
  assert.equal(parseTime('2026-11-23T15:28:47.5Z'), expected + 500_000);
  assert.equal(parseTime('2026-11-23T15:28:47.123456789+00:00'), expected + 123_456);
});

test('parseTime is undefined when the text is no time', () => {
  const wrong = [
    '',
    'soon',
    '2026-11-23',
    '2026-11-23T15:28:47',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-31T00:00:00Z',
  ];
  const worse = [
    '2026-11-23T24:00:00Z',
    '2026-11-23T15:28:47.Z',
    '2026-11-23T15:28:47ZZ',
    '2026-11-23T15:28:47+0200',
    '0001-01-01T00:00:00Z',
  ];
  for (const text of [
    ...wrong,
    ...worse,
    '2026-11-23x15:28:47Z',
    '2026/11/23T15:28:47Z',
    '２０26-11-23T15:28:47Z',
  ]) {
    assert.equal(parseTime(text), undefined, text);
  }
});

test('parseTimeOrLast reads what is later than Micros holds as its last second, and all else as parseTime does', () => {
  const last = Date.UTC(2255, 5, 5, 23, 47, 34) * 1000;
  for (const text of ['2255-06-05T23:47:35Z', '2300-01-01T00:00:00.5Z', '9999-12-31T23:59:59Z'])
    assert.equal(parseTimeOrLast(text), last, text);
  for (const text of [
    '2026-11-23T15:28:47Z',
    '2255-06-05T23:47:34Z',
    '0001-01-01T00:00:00Z',
    '9999-02-30T00:00:00Z',
  ])
    assert.equal(parseTimeOrLast(text), parseTime(text), text);
});

test('parseTime agrees with Date when the day is any', () => {
  const anyDate = fc.date({
    min: new Date('1700-01-01T00:00:00Z'),
    max: new Date('2250-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(anyDate, (date) => assert.equal(parseTime(date.toISOString()), date.getTime() * 1000)),
  );
});

test('formatMicroTime and formatTime print what parseTime reads when the time is any', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8_000_000_000_000_000, max: 9_000_000_000_000_000 }), (time) => {
      assert.equal(parseTime(formatMicroTime(time)), time);
      assert.equal(parseTime(formatTime(time)), Math.floor(time / 1_000_000) * 1_000_000);
    }),
  );
});
