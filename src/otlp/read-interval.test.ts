import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarkError } from '../lib/errors.ts';
import { MILLISECOND, MINUTE } from '../lib/time.ts';
import { readMetricInterval } from './read-interval.ts';

const read = (text?: string) =>
  readMetricInterval(text === undefined ? {} : { OTEL_METRIC_EXPORT_INTERVAL: text });

test('readMetricInterval reads milliseconds, and is a minute when none are set', () => {
  assert.equal(read(), MINUTE);
  assert.equal(read(' '), MINUTE);
  assert.equal(read('250'), 250 * MILLISECOND);
});

test('readMetricInterval says what is wanted of what is no length', () => {
  for (const text of ['0', '-1', '10s', '1.5', '99999999999'])
    assert.throws(
      () => read(text),
      (error) =>
        error instanceof HarkError &&
        error.exitCode === 2 &&
        error.message.startsWith(`OTEL_METRIC_EXPORT_INTERVAL is "${text}"`),
    );
});
