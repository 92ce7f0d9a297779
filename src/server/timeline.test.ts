import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { readScenario } from '../../test/read-record.ts';
import { type PlacedRecord, plainTimeline } from '../../test/server/plain-timeline.ts';
import type { RecordedEvent } from '../events/event.ts';
import { lastHappenedAt } from '../events/event-time.ts';
import { matchQuery } from '../events/matches-query.ts';
import { makeRecord } from '../events/merge-records.ts';
import type { EventQuery } from '../events/query.ts';
import { idOf } from '../follow/change-reader.ts';
import { createEventIndex, type EventIndex } from './event-index.ts';
import { countFacets } from './facets.ts';
import { filterEntries } from './filter-entries.ts';
import { createRowTrees, GROUPINGS, type RowTree } from './owner-rows.ts';
import { layOutTimeline, ROW_ORDERS, type Timeline, type TimelineQuestion } from './timeline.ts';

const RECORDS = ['v1.36/b-bad-image', 'v1.36/c-crashloop', 'v1.36/j-rollout-undo'].flatMap((scenario) =>
  readScenario(scenario),
);
const TIMES = RECORDS.map(({ event }) => lastHappenedAt(event))
  .filter((at) => at > 0)
  .sort((a, b) => a - b);
const [FROM, TO] = [
  Math.min(...RECORDS.flatMap(({ occurrences }) => occurrences.map(({ at }) => at)).filter((at) => at > 0)),
  TIMES.at(-1) ?? 0,
];
const STORE = {
  readEvents(): never {
    throw new Error('nothing is asked of messages');
  },
};

const REPEATED = RECORDS.flatMap(({ points }, number) => (points.length > 1 ? [number] : []));
assert.ok(REPEATED.length > 5);

/** What an index was told: records, some of them in an earlier state before or after, in any order. */
const told = fc
  .array(
    fc.record({
      number: fc.oneof(fc.nat(RECORDS.length - 1), fc.constantFrom(...REPEATED)),
      points: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((chosen) =>
    chosen.map(({ number, points }): RecordedEvent => {
      const { cluster, event, deletedAt, points: all } = RECORDS[number] ?? assert.fail();
      return makeRecord(cluster, event, deletedAt, all.slice(0, points));
    }),
  );

const at = fc.oneof(
  fc.constantFrom(...TIMES, ...RECORDS.flatMap(({ points }) => points.map((point) => point.at))),
  fc.integer({ min: -10, max: 110 }).map((percent) => Math.round(FROM + ((TO - FROM) * percent) / 100)),
);
const window = fc.oneof(
  fc.constant({ since: FROM, until: TO + 1 }),
  fc.constant({ since: FROM - 1_000_000, until: TO + 2_000_000 }),
  fc.tuple(at, at).map(([a, b]) => ({ since: Math.min(a, b), until: Math.max(a, b) + 1 })),
);
const few = <T>(...values: T[]) => fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined });
const query = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record({
      types: few('Normal', 'warning'),
      reasons: few('BackOff', 'Pulled', 'Failed', 'Scheduled', 'ScalingReplicaSet'),
      kinds: few('pod', 'ReplicaSet', 'Deployment', 'Node'),
      namespaces: few(...new Set(RECORDS.map(({ event }) => event.namespace))),
    }),
  },
);

function makeIndex(records: readonly RecordedEvent[]): EventIndex {
  const index = createEventIndex();
  records.forEach(index.add);
  return index;
}

/** Each Event in the state it was told of last. */
function latestOf(records: readonly RecordedEvent[]): RecordedEvent[] {
  return [...new Map(records.map((record) => [idOf(record), record])).values()];
}

function place(index: EventIndex, tree: RowTree, records: readonly RecordedEvent[]): PlacedRecord[] {
  return records.map((record) => ({ record, row: tree.rowOf(index.find(idOf(record)) ?? -1) }));
}

/** What is undefined in a query is not asked. */
function asQuery(given: object): EventQuery {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** To millionths: sums of parts are added up in another order. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 || 0 : value;
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, rounded);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]));
}

function withSortedReasons({ histogram, ...rest }: Timeline): unknown {
  const { reasons } = histogram;
  const named = reasons.map(({ bucket, reason, count }): [string, number] => [`${bucket} ${reason}`, count]);
  return rounded({ ...rest, histogram: { ...histogram, reasons: Object.fromEntries(named) } });
}

test('layOutTimeline gives what is counted Event by Event, of any records, viewport, filters and rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      told,
      told,
      fc.constantFrom(...GROUPINGS),
      query,
      fc.record({
        window,
        buckets: fc.integer({ min: 1, max: 40 }),
        order: fc.constantFrom(...ROW_ORDERS),
        opening: fc.constantFrom('none', 'all', 'some', 'few'),
        rows: fc.constantFrom(0, 1, 3, 10, 1_000),
        offset: fc.constantFrom(0, 0, 1, 7),
        reasons: fc.constantFrom(0, 100),
        hidden: fc.option(fc.constantFrom(...TIMES), { nil: undefined }),
      }),
      async (first, then, grouping, given, shape) => {
        const asked = asQuery(given);
        const index = makeIndex(first);
        const readTree = createRowTrees(index, grouping);
        // What was summed up and put into rows before goes on growing.
        readTree();
        index.sums.of('object');
        then.forEach(index.add);
        const { hidden = Number.NEGATIVE_INFINITY } = shape;
        index.hideBefore(hidden);
        const tree = readTree();
        const left = latestOf([...first, ...then]).filter(({ event }) => lastHappenedAt(event) >= hidden);
        const placed = place(index, tree, left.filter(matchQuery(asked)));
        const ids = Array.from({ length: tree.size }, (_, row) => tree.idOf(row)).filter(
          (_, row) => row % 2 === 0,
        );
        const isWhole = shape.window.since <= FROM && shape.window.until > TO;
        const question: TimelineQuestion = {
          ...shape.window,
          buckets: shape.buckets,
          // Parts of happenings add up to the last digit in one order alone.
          order: isWhole ? shape.order : 'name',
          expand: shape.opening === 'all' ? 'all' : new Set(shape.opening === 'some' ? ids : []),
          collapse: new Set(shape.opening === 'some' ? [] : ids.slice(0, 1)),
          few: shape.opening === 'few' ? 8 : 0,
          rows: shape.rows,
          offset: shape.offset,
          reasons: shape.reasons,
        };
        const matches = await filterEntries(index, asked, STORE, new AbortController().signal);
        const plain = plainTimeline(placed, tree, question);
        const reasons = Object.fromEntries(plain.histogram.reasons);
        assert.deepEqual(
          withSortedReasons(layOutTimeline(index, tree, matches, question)),
          rounded({ ...plain, histogram: { ...plain.histogram, reasons } }),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test('countFacets gives the same of everything, which is summed up, as of all time, which is counted Event by Event', async () => {
  const { signal } = new AbortController();
  const ask = (index: EventIndex, asked: EventQuery) => countFacets(index, asked, STORE, 1_000, [], signal);
  await fc.assert(
    fc.asyncProperty(told, told, async (first, then) => {
      const grown = makeIndex(first);
      grown.sums.of('voice');
      then.forEach(grown.add);
      const counted = await ask(makeIndex([...first, ...then]), { since: Number.MIN_SAFE_INTEGER });
      assert.deepEqual(await ask(grown, {}), counted);
    }),
    { numRuns: 100 },
  );
});
