import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { readRecordedWatch } from '../../test/read-recording.ts';
import { compareRecordedEvents } from './compare-events.ts';
import type { RecordedEvent } from './event.ts';
import { identify } from './identity.ts';
import { createMemoryReader } from './memory-reader.ts';
import { mergeSighting, type SeenEvent } from './merge-records.ts';
import { parseEvent } from './parse-event.ts';
import type { ClusterInfo, EventQuery, EventReader } from './query.ts';

const cluster: ClusterInfo = { uid: 'c', name: 'test', version: 'v1.20.2' };

function readSightings(path: string): SeenEvent[] {
  return readRecordedWatch(path).map((line, index) => {
    return { event: parseEvent(line.object), deleted: line.type === 'DELETED', at: index };
  });
}

const sightings = [
  ...readSightings('v1.20/x-expiry/watch.jsonl'),
  ...readSightings('v1.20/b-bad-image/events-core-v1.jsonl'),
];

/** What a reader must give, made the plain way. */
function expectedRecords(seen: readonly SeenEvent[]): RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  for (const one of seen)
    records.set(identify(one.event), mergeSighting(records.get(identify(one.event)), 'c', one));
  return [...records.values()].sort(compareRecordedEvents);
}

async function readAll(reader: EventReader, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of reader.readEvents(query)) records.push(...page);
  return records;
}

test('createMemoryReader gives every record in time order when sightings come in any order, any of them twice', async () => {
  const expected = expectedRecords(sightings);
  const scrambled = fc
    .tuple(fc.shuffledSubarray(sightings), fc.shuffledSubarray(sightings, { minLength: sightings.length }))
    .map(([some, all]) => [...some, ...all]);
  await fc.assert(
    fc.asyncProperty(scrambled, async (seen) => {
      const reader = createMemoryReader(cluster, seen);
      assert.equal(reader.size, expected.length);
      assert.deepEqual(await readAll(reader), expected);
    }),
    { numRuns: 20 },
  );
});

test('createMemoryReader joins records when halves of what was heard are added', async () => {
  const half = sightings.length / 2;
  const reader = createMemoryReader(cluster, sightings.slice(0, half));
  for (const record of expectedRecords(sightings.slice(half))) reader.addRecord(record);
  assert.deepEqual(await readAll(reader), expectedRecords(sightings));
});

test('createMemoryReader gives the newest Events in time order when a limit is asked', async () => {
  const reader = createMemoryReader(cluster, sightings);
  const all = await readAll(reader);
  for (const limit of [0, 1, 7, all.length, all.length + 1]) {
    assert.deepEqual(await readAll(reader, { limit }), limit === 0 ? [] : all.slice(-limit));
  }
  const warnings = all.filter(({ event }) => event.type === 'Warning');
  assert.deepEqual(await readAll(reader, { types: ['Warning'], limit: 3 }), warnings.slice(-3));
});

test('createMemoryReader keeps Events apart when only their namespaces or first times differ', async () => {
  const make = (namespace: string, firstTimestamp: string) =>
    parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { name: 'same', namespace }, firstTimestamp });
  const events = [
    make('a', '2026-11-23T15:00:00Z'),
    make('b', '2026-11-23T15:00:01Z'),
    make('b', '2026-11-23T15:00:02Z'),
  ];
  const reader = createMemoryReader(cluster, [...events, ...events]);
  const records = await readAll(reader);
  assert.deepEqual(
    records.map(({ event }) => event),
    events,
  );
});

test('createMemoryReader keeps all Events when a file has left out their names', async () => {
  const events = Array.from({ length: 5_000 }, (_, index) =>
    parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { uid: `u${index}` }, message: `m${index}` }),
  );
  const reader = createMemoryReader(cluster, [...events, ...events]);
  assert.equal(reader.size, events.length);
  assert.equal((await readAll(reader)).length, events.length);
});

test('createMemoryReader gives pages of limited length when there are many Events', async () => {
  const [first] = sightings;
  assert.ok(first);
  const many = Array.from({ length: 2_500 }, (_, index) => ({ ...first.event, name: `x.${index}` }));
  const sizes: number[] = [];
  for await (const page of createMemoryReader(cluster, many).readEvents({})) sizes.push(page.length);
  assert.deepEqual(sizes, [1_000, 1_000, 500]);
});

test('createMemoryReader stops reading when the signal is aborted', async () => {
  const reader = createMemoryReader(cluster, sightings);
  const pages = reader.readEvents({}, AbortSignal.abort(new Error('enough')));
  await assert.rejects(async () => {
    for await (const _ of pages);
  }, /enough/);
});

test('createMemoryReader knows its cluster and no gaps', async () => {
  const reader = createMemoryReader(cluster);
  assert.deepEqual(await reader.readClusters(), [cluster]);
  assert.deepEqual(await reader.readGaps({}), []);
  assert.deepEqual(await readAll(reader), []);
});
