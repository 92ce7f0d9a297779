import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { parseTime } from '../lib/rfc3339.ts';
import type { Event, OccurrencePoint, RecordedEvent } from './event.ts';
import { lastSeen } from './event-time.ts';
import { identify } from './identity.ts';
import { compareStates, mergeRecords, mergeSighting, type SeenEvent } from './merge-records.ts';
import { countHappenings, isCombined, mergePoints, pointOf, readOccurrences } from './occurrences.ts';
import { parseEvent } from './parse-event.ts';

function readSightings(path: string): SeenEvent[] {
  return readRecordedWatch(path)
    .map((line, index) => {
      const at = parseTime(line.at) ?? index;
      return { event: parseEvent(line.object), deleted: line.type === 'DELETED', at };
    })
    .filter(({ event }) => event.name !== '');
}

function record(sightings: readonly SeenEvent[]): Map<string, RecordedEvent> {
  const records = new Map<string, RecordedEvent>();
  for (const seen of sightings) {
    const id = identify(seen.event);
    records.set(id, mergeSighting(records.get(id), 'c', seen));
  }
  return records;
}

function find(records: Map<string, RecordedEvent>, name: string): RecordedEvent {
  const found = [...records.values()].find((known) => known.event.name.startsWith(name));
  assert.ok(found, name);
  return found;
}

const expiry = readSightings('v1.20/x-expiry/watch.jsonl');

test('mergeSighting goes on with the count when an Event expired and was created again', () => {
  const bad = find(record(expiry), 'bad.');
  assert.equal(countHappenings(bad.occurrences), 17);
  assert.deepEqual(
    bad.occurrences.map((occurrence) => occurrence.count),
    Array.from({ length: 17 }, () => 1),
  );
  assert.equal(bad.event.count, 17);
  assert.equal(bad.deletedAt, undefined);
  const uids = new Set(
    expiry.filter(({ event }) => event.name === bad.event.name).map(({ event }) => event.uid),
  );
  assert.equal(uids.size, 3);
});

test('mergeSighting notes the deletion when the latest state is the deleted one', () => {
  const records = record(expiry);
  const gone = [...records.values()].filter((known) => known.deletedAt !== undefined);
  const deleted = new Set(expiry.filter((seen) => seen.deleted).map((seen) => identify(seen.event)));
  assert.equal(gone.length, deleted.size - 2);
});

test('readOccurrences keeps each message when the Event is a combined one', () => {
  const combined = [...record(expiry).values()].filter((known) => isCombined(known.event));
  const [only] = combined;
  assert.equal(combined.length, 1);
  assert.ok(only);
  assert.equal(countHappenings(only.occurrences), 8);
  assert.equal(new Set(only.occurrences.map((occurrence) => occurrence.message)).size, 8);
});

/** Shuffles, repeats and splits the sightings in three, as lists and reconnecting watches would. */
function scramble(sightings: readonly SeenEvent[]): fc.Arbitrary<readonly SeenEvent[]> {
  const all = fc.shuffledSubarray([...sightings], { minLength: sightings.length });
  return fc.tuple(all, fc.shuffledSubarray([...sightings])).map(([every, again]) => [...again, ...every]);
}

for (const path of [
  'v1.20/x-expiry/watch.jsonl',
  'v1.20/b-bad-image/events-core-v1.jsonl',
  'v1.36/b-bad-image/events-core-v1.jsonl',
]) {
  test(`mergeSighting makes the same record when ${path} comes in any order, any line twice`, () => {
    const sightings = readSightings(path);
    const truth = record(sightings);
    for (const [id, known] of truth) {
      const counts = sightings
        .filter(({ event }) => identify(event) === id)
        .map(({ event }) => pointOf(event).count);
      const hasOldSeries = known.points.some((point) => point.series && point.count === 1);
      assert.equal(countHappenings(known.occurrences), Math.max(...counts) + (hasOldSeries ? 1 : 0), id);
    }
    fc.assert(
      fc.property(scramble(sightings), (scrambled) => {
        const records = record(scrambled);
        assert.equal(records.size, truth.size);
        for (const [id, known] of truth) assert.deepEqual(records.get(id), known, id);
      }),
      { numRuns: 30 },
    );
  });
}

test('mergeRecords makes the same record when its halves are joined either way', () => {
  const truth = record(expiry);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(expiry),
      fc.shuffledSubarray(expiry, { minLength: expiry.length }),
      (some, all) => {
        const one = record(some);
        for (const [id, other] of record(all)) {
          const known = one.get(id);
          if (known === undefined) continue;
          assert.deepEqual(mergeRecords(known, other), truth.get(id));
          assert.deepEqual(mergeRecords(other, known), truth.get(id));
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('compareStates finds the last line of a watch the latest when the Event is any recorded one', () => {
  for (const scenario of listScenarios()) {
    const latest = new Map<string, Event>();
    for (const { event } of readSightings(`${scenario}/events-core-v1.jsonl`)) {
      const previous = latest.get(identify(event));
      if (previous !== undefined) assert.ok(compareStates(event, previous) > 0, `${scenario} ${event.name}`);
      latest.set(identify(event), event);
    }
  }
});

test('readOccurrences totals the same when a series begins at 1 (1.20) or at 2 (1.36)', () => {
  const totals = ['v1.20', 'v1.36'].map((version) => {
    const known = [...record(readSightings(`${version}/d-unschedulable/events-core-v1.jsonl`)).values()];
    return known
      .filter((one) => one.event.series !== undefined)
      .map((one) => ({
        written: one.event.series?.count,
        total: countHappenings(one.occurrences),
        first: one.occurrences[0]?.at === one.event.eventTime,
      }));
  });
  const [old, recent] = totals;
  assert.ok(old && recent && old.length > 0 && recent.length > 0);
  for (const { written, total, first } of old) assert.deepEqual([total, first], [(written ?? 0) + 1, true]);
  for (const { written, total, first } of recent) assert.deepEqual([total, first], [written, true]);
});

const event = parseEvent({
  kind: 'Event',
  apiVersion: 'v1',
  metadata: { name: 'x' },
  firstTimestamp: '2026-11-23T15:00:00Z',
});
const start = parseTime('2026-11-23T15:00:00Z') ?? Number.NaN;
const point = (count: number, seconds: number, message = 'm', series = false): OccurrencePoint => ({
  count,
  series,
  at: start + seconds * 1e6,
  message,
});

test('readOccurrences folds what happened before the first point when its count is above 1', () => {
  assert.deepEqual(readOccurrences([point(5, 40)], event), [
    { at: start, count: 1, message: 'm' },
    { at: start + 40e6, count: 4, message: 'm' },
  ]);
  assert.deepEqual(readOccurrences([point(5, 0)], event), [{ at: start, count: 5, message: 'm' }]);
});

test('readOccurrences counts folded repeats once when the counter jumps', () => {
  const rises = readOccurrences([point(1, 0), point(21, 30), point(43, 330), point(64, 630)], event);
  assert.deepEqual(
    rises.map(({ count, at }) => [count, (at - start) / 1e6]),
    [
      [1, 0],
      [20, 30],
      [22, 330],
      [21, 630],
    ],
  );
});

test('readOccurrences counts no happening twice when a clock goes back', () => {
  const rises = readOccurrences([point(1, 0), point(8, 5), point(9, 2)], event);
  assert.equal(countHappenings(rises), 9);
  assert.deepEqual(
    rises.map(({ at }) => at).toSorted((a, b) => a - b),
    rises.map(({ at }) => at),
  );
});

test('readOccurrences keeps a message without counting it when the counter does not rise', () => {
  assert.deepEqual(readOccurrences([point(2, 0, 'a'), point(2, 0, 'b')], event), [
    { at: start, count: 2, message: 'a' },
    { at: start, count: 0, message: 'b' },
  ]);
});

test('readOccurrences counts each time when the emitter keeps no counter', () => {
  assert.equal(countHappenings(readOccurrences([point(1, 0), point(1, 60), point(1, 120)], event)), 3);
});

test('readOccurrences counts one when the counter is nonsense', () => {
  assert.deepEqual(readOccurrences([point(-5, 0)], event), [{ at: start, count: 1, message: 'm' }]);
});

test('mergePoints is commutative, associative and idempotent when the points are any', () => {
  const any = fc.array(
    fc.record(
      {
        count: fc.integer({ min: -2, max: 5 }),
        series: fc.boolean(),
        at: fc.integer({ min: 0, max: 3 }),
        message: fc.constantFrom('', 'a', 'b'),
      },
      { noNullPrototype: true },
    ),
  );
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      assert.deepEqual(mergePoints(a, b), mergePoints(b, a));
      assert.deepEqual(mergePoints(mergePoints(a, b), c), mergePoints(a, mergePoints(b, c)));
      assert.deepEqual(mergePoints(mergePoints(a, b), b), mergePoints(a, b));
    }),
  );
});

test('pointOf says what the Event does when it is any recorded one', () => {
  for (const { event: seen } of readSightings('v1.36/d-unschedulable/events-core-v1.jsonl')) {
    const { count, series, at } = pointOf(seen);
    assert.deepEqual(
      [count, series, at],
      [seen.series?.count ?? (seen.count || 1), seen.series !== undefined, lastSeen(seen)],
    );
  }
});
