import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from '../lib/rfc3339.ts';
import { formatDescribeAge, formatFirstSeenAge, formatLastSeenAge } from './event-age.ts';
import { parseEvent } from './parse-event.ts';

const now = parseTime('2026-11-23T16:00:00.500000Z') ?? Number.NaN;

function ages(fields: Record<string, unknown>): string[] {
  const event = parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { name: 'x' }, ...fields });
  return [formatDescribeAge(event, now), formatLastSeenAge(event, now), formatFirstSeenAge(event, now)];
}

// What kubectl prints of an Event of each kind is held against its recorded output in test/kubectl-*.test.ts; here, the odd ones.

test('ages are <unknown> when the Event has no times', () => {
  assert.deepEqual(ages({}), ['<unknown>', '<unknown>', '<unknown>']);
  assert.deepEqual(ages({ count: 3 }), ['<unknown> (x3 over <unknown>)', '<unknown>', '<unknown>']);
});

test('ages show the repeats when count or series tells of some', () => {
  const times = { firstTimestamp: '2026-11-23T15:00:00Z', lastTimestamp: '2026-11-23T15:59:00Z' };
  assert.deepEqual(ages({ ...times, count: 7 }), ['60s (x7 over 60m)', '60s', '60m']);
  assert.deepEqual(ages({ ...times, count: 1 }), ['60m', '60s', '60m']);
  assert.deepEqual(ages({ ...times, count: -5 }), ['60m', '60s', '60m']);
  const series = { count: 4, lastObservedTime: '2026-11-23T15:59:30.500000Z' };
  assert.deepEqual(ages({ eventTime: '2026-11-23T15:00:00.000000Z', series }), [
    '30s (x4 over 60m)',
    '30s',
    '60m',
  ]);
});

test('ages are <invalid> when the clock of the emitter is ahead', () => {
  assert.deepEqual(ages({ firstTimestamp: '2026-11-23T16:00:05Z' }), ['<invalid>', '<invalid>', '<invalid>']);
  assert.deepEqual(ages({ firstTimestamp: '2026-11-23T16:00:01Z' }), ['0s', '0s', '0s']);
});
