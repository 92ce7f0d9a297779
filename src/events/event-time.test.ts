import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { formatMicroTime, parseTime } from '../lib/rfc3339.ts';
import { compareEvents } from './compare-events.ts';
import type { Event } from './event.ts';
import { firstSeen, happenedAt, happenedNanos, lastHappenedAt, lastSeen } from './event-time.ts';
import { parseEvent } from './parse-event.ts';

const lines = listScenarios().flatMap((scenario) => readRecordedWatch(`${scenario}/events-core-v1.jsonl`));
const recorded = lines.map((line) => parseEvent(line.object)).filter((event) => event.name !== '');

function make(fields: Record<string, unknown>, name = 'x'): Event {
  return parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { name }, ...fields });
}

const iso = (time: number | undefined) => (time === undefined ? undefined : formatMicroTime(time));

test('happenedAt lies within the second of firstTimestamp and below the second in the name when the Event is any recorded one', () => {
  const old = recorded.filter((event) => event.firstTimestamp !== undefined);
  assert.ok(old.length > 3_000);
  for (const event of old) {
    const name = BigInt(`0x${event.name.slice(event.name.lastIndexOf('.') + 1)}`);
    assert.equal(BigInt(happenedAt(event)) * 1_000n + BigInt(happenedNanos(event)), name, event.name);
    assert.equal(Math.floor(happenedAt(event) / 1e6) * 1e6, event.firstTimestamp, event.name);
  }
});

test('happenedAt reads the time in the name when it is in the second of firstTimestamp', () => {
  const event = make({ firstTimestamp: '2026-11-23T15:33:05Z' }, 'podinfo.18eab66e2a3db1bd');
  assert.equal(iso(happenedAt(event)), '2026-11-23T15:33:05.731908Z');
  assert.equal(happenedNanos(event), 29);
});

test('happenedAt is firstTimestamp when the name tells another time or none', () => {
  const first = '2026-11-23T15:33:07Z';
  for (const name of [
    'podinfo.18eab66e2a3db1bd',
    'podinfo',
    'x.0b7e9d1c-8f6a-4c39-9f5e-5d1b0c7a2e11',
    'podinfo.18EAB66E2A3DB1BD',
    'x.y',
  ]) {
    const event = make({ firstTimestamp: first }, name);
    assert.equal(happenedAt(event), parseTime(first), name);
    assert.equal(happenedNanos(event), 0, name);
  }
});

test('happenedAt is eventTime when there is one', () => {
  const scheduled = recorded.filter((event) => event.eventTime !== undefined);
  assert.ok(scheduled.length > 300);
  for (const event of scheduled) assert.equal(happenedAt(event), event.eventTime);
});

test('firstSeen and lastSeen fall back when times are missing', () => {
  const created = { creationTimestamp: '2026-11-23T15:00:09Z' };
  const cases: [Record<string, unknown>, string, string][] = [
    [{ metadata: created }, '09', '09'],
    [{ metadata: created, lastTimestamp: '2026-11-23T15:00:05Z' }, '05', '05'],
    [{ metadata: created, firstTimestamp: '2026-11-23T15:00:01Z' }, '01', '01'],
    [
      { metadata: created, firstTimestamp: '2026-11-23T15:00:01Z', lastTimestamp: '2026-11-23T15:00:02Z' },
      '01',
      '02',
    ],
    [{ metadata: created, eventTime: '2026-11-23T15:00:03.000000Z' }, '03', '03'],
    [
      {
        eventTime: '2026-11-23T15:00:03.000000Z',
        series: { count: 2, lastObservedTime: '2026-11-23T15:00:04.000000Z' },
      },
      '03',
      '04',
    ],
    [{ metadata: created, series: { count: 2, lastObservedTime: null } }, '09', '09'],
  ];
  for (const [fields, first, last] of cases) {
    const event = make(fields);
    assert.equal(iso(firstSeen(event)), `2026-11-23T15:00:${first}.000000Z`, JSON.stringify(fields));
    assert.equal(iso(lastSeen(event)), `2026-11-23T15:00:${last}.000000Z`, JSON.stringify(fields));
  }
  const none = make({});
  assert.deepEqual(
    [firstSeen(none), lastSeen(none), happenedAt(none), lastHappenedAt(none)],
    [undefined, undefined, 0, 0],
  );
});

test('lastHappenedAt is never before lastSeen and within its second when the Event is any recorded one', () => {
  for (const event of recorded) {
    const seen = lastSeen(event) ?? Number.NaN;
    const happened = lastHappenedAt(event);
    assert.ok(happened >= seen && happened < seen + 1e6, event.name);
    if (event.lastTimestamp !== undefined && event.firstTimestamp === event.lastTimestamp)
      assert.equal(happened, happenedAt(event));
  }
});

test('compareEvents is a total order when the Events are any recorded ones', () => {
  const any = fc.constantFrom(...recorded);
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      assert.equal(Math.sign(compareEvents(a, b)) + Math.sign(compareEvents(b, a)), 0);
      if (compareEvents(a, b) <= 0 && compareEvents(b, c) <= 0) assert.ok(compareEvents(a, c) <= 0);
      assert.equal(compareEvents(a, a), 0);
    }),
    { numRuns: 5_000 },
  );
});

test('compareEvents tells a rollout in the order it happened when all of it lies within seconds', () => {
  const watch = readRecordedWatch('v1.36/a-healthy-rollout/events-core-v1.jsonl');
  const events = new Map(watch.map((line) => parseEvent(line.object)).map((event) => [event.uid, event]));
  const sorted = [...events.values()].sort(compareEvents);
  const pod = sorted.find((event) => event.reason === 'Scheduled')?.involvedObject.name ?? '';
  const story = sorted.filter(
    (event) => event.involvedObject.name === pod || event.message.endsWith(`pod: ${pod}`),
  );
  assert.deepEqual(story.map((event) => event.reason).slice(0, 5), [
    'SuccessfulCreate',
    'Scheduled',
    'Pulled',
    'Created',
    'Started',
  ]);
});

test('compareEvents orders by the nanoseconds in the name, then by resourceVersion as a number, when the second is the same', () => {
  const at = { firstTimestamp: '2026-11-23T15:33:05Z', lastTimestamp: '2026-11-23T15:33:05Z', count: 1 };
  const named = (name: string, resourceVersion: string) =>
    make({ ...at, metadata: { name, resourceVersion } });
  const sorted = [
    named('b.18eab66e2a3db1be', '1'),
    named('a.18eab66e2a3db1bd', '1000'),
    named('z.18eab66e2a3db1bd', '999'),
  ];
  assert.deepEqual(
    sorted.toSorted(compareEvents).map((event) => event.name[0]),
    ['z', 'a', 'b'],
  );
});
