import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecordedWatch } from '../../test/read-recording.ts';
import type { RecordedEvent } from '../events/event.ts';
import { formatDescribeAge } from '../events/event-age.ts';
import { createMemoryReader } from '../events/memory-reader.ts';
import { countHappenings } from '../events/occurrences.ts';
import { parseEvent } from '../events/parse-event.ts';
import { spreadMessages } from './spread-messages.ts';

/** All Events that the watch of a recording ever told of. */
async function readRecorded(path: string): Promise<RecordedEvent[]> {
  const lines = readRecordedWatch(path).filter(({ type }) => type !== 'BOOKMARK' && type !== 'ERROR');
  const seen = lines.map(({ type, object }) => ({
    event: parseEvent(object),
    deleted: type === 'DELETED',
    at: 0,
  }));
  const records: RecordedEvent[] = [];
  for await (const page of createMemoryReader({ uid: 'x', name: 'x', version: '' }, seen).readEvents({}))
    records.push(...page);
  return records;
}

test('spreadMessages gives each message of a combined Event its own row and loses none of its repeats', async () => {
  const records = await readRecorded('v1.20/x-expiry/watch.jsonl');
  const combined = records.filter(({ event }) => event.message.startsWith('(combined from similar events)'));
  assert.ok(combined.length > 0);
  for (const record of combined) {
    const messages = new Set(record.points.map(({ message }) => message));
    const rows = spreadMessages([record]);
    assert.deepEqual(new Set(rows.map(({ event }) => event.message)), messages);
    assert.equal(
      rows.reduce((sum, { event }) => sum + Math.max(event.count, 0), 0),
      countHappenings(record.occurrences),
    );
  }
  assert.ok(combined.some((record) => spreadMessages([record]).length > 1));
});

test('spreadMessages leaves Events that always said the same as they are', async () => {
  const records = await readRecorded('v1.36/b-bad-image/events-core-v1.jsonl');
  const steady = records.filter(({ points }) => new Set(points.map(({ message }) => message)).size === 1);
  assert.ok(steady.some(({ event }) => event.count > 50));
  assert.deepEqual(spreadMessages(steady), steady);
});

test('spreadMessages counts each row from its own first to its own last happening', () => {
  const at = Date.UTC(2026, 10, 23, 15) * 1000;
  const event = parseEvent({
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: 'x' },
    count: 9,
    message: 'b',
  });
  const occurrences = [
    { at, count: 3, message: 'a' },
    { at: at + 60e6, count: 2, message: 'b' },
    { at: at + 120e6, count: 4, message: 'b' },
  ];
  const rows = spreadMessages([{ cluster: '', event, occurrences, points: [], deletedAt: undefined }]);
  assert.deepEqual(
    rows.map((row) => [row.event.message, formatDescribeAge(row.event, at + 180e6)]),
    [
      ['a', '3m (x3 over 3m)'],
      ['b', '60s (x6 over 2m)'],
    ],
  );
});
