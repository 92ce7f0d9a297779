import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { readRecordedWatch } from '../../test/read-recording.ts';
import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import { matchQuery } from '../events/matches-query.ts';
import { createMemoryReader } from '../events/memory-reader.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { EventQuery, EventReader } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { isWireObject } from '../events/wire-form.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { joinReaders } from './join-readers.ts';
import { keepLastingConditions, overlayRecord } from './overlay-record.ts';

const CLUSTER = { uid: 'c', name: 'c', version: '' };

function readSightings(path: string): Sighting[] {
  return readRecordedWatch(path)
    .filter(({ object }) => isWireObject(object) && object.kind === 'Event')
    .map(({ type, object, at }) => ({
      event: parseEvent(object),
      deleted: type === 'DELETED',
      at: parseTime(at) ?? 0,
    }));
}

const SIGHTINGS = [
  ...readSightings('v1.36/b-bad-image/events-core-v1.jsonl'),
  ...readSightings('v1.20/x-expiry/watch.jsonl'),
];
const TIMES = SIGHTINGS.map(({ event }) => lastHappenedAt(event));

async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of pages) records.push(...page);
  return records;
}

const queries: fc.Arbitrary<EventQuery> = fc.record(
  {
    since: fc.constantFrom(...TIMES),
    until: fc.constantFrom(...TIMES),
    types: fc.constantFrom(['Warning'], ['normal']),
    reasons: fc.constantFrom(['BackOff', 'Failed'], ['ScalingReplicaSet']),
    kinds: fc.constant(['pod']),
    namespaces: fc.constantFrom(['q'], ['bad-image'], ['nothing']),
    grep: fc.constantFrom(/combined/u, /Back-off/u, /insufficient_scope/u),
    limit: fc.integer({ min: 1, max: 30 }),
    clusters: fc.constant(['c']),
  },
  { requiredKeys: [] },
);

/** Each sighting is heard by the live list, by the record, or by both. */
const shares = fc.array(fc.integer({ min: 1, max: 3 }), {
  minLength: SIGHTINGS.length,
  maxLength: SIGHTINGS.length,
});

test('overlayRecord gives what one reader of everything would when live Events and the record overlap in any way', async () => {
  const whole = createMemoryReader(CLUSTER, SIGHTINGS);
  await fc.assert(
    fc.asyncProperty(shares, queries, async (share, query) => {
      const live = createMemoryReader(
        CLUSTER,
        SIGHTINGS.filter((_, index) => ((share[index] ?? 0) & 1) !== 0),
      );
      const record = createMemoryReader(
        CLUSTER,
        SIGHTINGS.filter((_, index) => ((share[index] ?? 0) & 2) !== 0),
      );
      const listed = await collect(live.readEvents(keepLastingConditions(query)));
      assert.deepEqual(
        await collect(overlayRecord(listed, record, query)),
        await collect(whole.readEvents(query)),
      );
    }),
    { numRuns: 150 },
  );
});

test('overlayRecord gives what is live when there is no record', async () => {
  const live = await collect(createMemoryReader(CLUSTER, SIGHTINGS).readEvents({}));
  assert.deepEqual(await collect(overlayRecord(live, undefined, {})), live);
});

test('overlayRecord does not read the whole record to find repeats of what is live', async () => {
  const live = (await collect(createMemoryReader(CLUSTER, SIGHTINGS).readEvents({}))).slice(-1);
  const asked: EventQuery[] = [];
  const record: EventReader = {
    ...createMemoryReader(CLUSTER, []),
    async *readEvents(query) {
      asked.push(query);
      yield [];
    },
  };
  await collect(overlayRecord(live, record, { limit: 1 }));
  const [first, second] = asked;
  assert.ok((first?.since ?? 0) > 0);
  assert.deepEqual(second, { limit: 2 });
});

test('joinReaders merges readers of different clusters in time order, and gives the newest when there is a limit', async () => {
  const even = SIGHTINGS.filter((_, index) => index % 2 === 0);
  const odd = SIGHTINGS.filter((_, index) => index % 2 !== 0);
  const a = createMemoryReader({ ...CLUSTER, uid: 'a' }, even);
  const b = createMemoryReader({ ...CLUSTER, uid: 'b' }, odd);
  const joined = joinReaders([a, b]);
  const all = await collect(joined.readEvents({}));
  assert.equal(all.length, a.size + b.size);
  const times = all.map(({ event }) => lastHappenedAt(event));
  assert.deepEqual(
    times,
    times.toSorted((x, y) => x - y),
  );
  assert.deepEqual(await collect(joined.readEvents({ limit: 7 })), all.slice(-7));
  assert.deepEqual(
    await collect(joined.readEvents({ clusters: ['b'] })),
    all.filter(matchQuery({ clusters: ['b'] })),
  );
  assert.deepEqual(
    (await joined.readClusters()).map(({ uid }) => uid),
    ['a', 'b'],
  );
});
