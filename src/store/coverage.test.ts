import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import type { CoverageStretch } from '../events/query.ts';
import { HOUR, MINUTE } from '../lib/time.ts';
import { findAllGaps, findGaps, joinSpans, OPEN_GRACE } from './coverage.ts';

function stretch(from: number, to: number, rest: Partial<CoverageStretch> = {}): CoverageStretch {
  return { cluster: 'c', namespace: '', from, to, open: false, ...rest };
}

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 })), { maxLength: 8 })
  .map((pairs) => pairs.map(([from, length]) => stretch(from, from + length)));

/** Whether the moment between `at` and `at + 1` lies in one of the spans. */
function covers(all: readonly { readonly from: number; readonly to: number }[], at: number): boolean {
  return all.some(({ from, to }) => from <= at && at + 1 <= to);
}

test('findGaps gives exactly what no stretch covers of the asked time, ascending', () => {
  fc.assert(
    fc.property(
      spans,
      fc.nat(70),
      fc.nat(70),
      fc.integer({ min: 1, max: 30 }),
      (stretches, since, until, ttl) => {
        const gaps = findGaps('c', '', stretches, { since, until }, ttl);
        for (let at = 0; at < 90; at++) {
          const isAsked = since <= at && at < until;
          assert.equal(covers(gaps, at), isAsked && !covers(stretches, at), `at ${at}`);
        }
        for (const [index, gap] of gaps.entries()) {
          assert.ok(gap.from < gap.to);
          assert.ok(index === 0 || (gaps[index - 1]?.to ?? 0) <= gap.from);
        }
      },
    ),
  );
});

test('findGaps says a hole is caught up on just as far as the Events of the next list reach back', () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 30 }), (stretches, ttl) => {
      const gaps = findGaps('c', '', stretches, { since: 0, until: 100 }, ttl);
      const lists = stretches.map(({ from }) => from);
      for (const { from, to, caughtUpAt } of gaps) {
        const next = lists.filter((list) => list >= to).sort((a, b) => a - b)[0];
        const isTold = next !== undefined && from >= next - ttl;
        assert.equal(caughtUpAt, isTold ? next : undefined);
      }
    }),
  );
});

test('joinSpans gives disjoint spans that cover the same, whatever the order', () => {
  fc.assert(
    fc.property(spans, (stretches) => {
      const joined = joinSpans(stretches);
      for (let at = 0; at < 90; at++) assert.equal(covers(joined, at), covers(stretches, at));
      for (const [index, span] of joined.entries())
        assert.ok(index === 0 || (joined[index - 1]?.to ?? 0) < span.from);
      assert.deepEqual(joinSpans(stretches.toReversed()), joined);
    }),
  );
});

test('findGaps takes an open stretch to go on for a while after its last sign of life', () => {
  const open = [stretch(0, HOUR, { open: true })];
  assert.deepEqual(findGaps('c', '', open, { until: HOUR + OPEN_GRACE }), []);
  assert.deepEqual(findGaps('c', '', open, { until: HOUR + OPEN_GRACE + 1 }), [
    { cluster: 'c', namespace: '', from: HOUR, to: HOUR + OPEN_GRACE + 1, caughtUpAt: undefined },
  ]);
  assert.equal(findGaps('c', '', [stretch(0, HOUR)], { until: HOUR + 1 }).length, 1);
});

test('findGaps has nothing to say of a cluster that was never listened to', () => {
  assert.deepEqual(findGaps('c', '', [], {}), []);
  assert.deepEqual(findAllGaps([], { since: 0, until: 2 * HOUR }), []);
});

test('findAllGaps counts the whole cluster as covering each namespace, and asks for those it knows', () => {
  const stretches = [
    stretch(0, 10 * MINUTE),
    stretch(20 * MINUTE, 30 * MINUTE),
    stretch(5 * MINUTE, 25 * MINUTE, { namespace: 'shop' }),
  ];
  const gap = { cluster: 'c', namespace: '', from: 10 * MINUTE, to: 20 * MINUTE, caughtUpAt: 20 * MINUTE };
  assert.deepEqual(findAllGaps(stretches, {}), [gap]);
  assert.deepEqual(findAllGaps(stretches, { namespaces: ['shop'] }), []);
  assert.deepEqual(findAllGaps(stretches, { namespaces: ['other'] }), [{ ...gap, namespace: 'other' }]);
});

test('findAllGaps takes a namespace that was never listened to for one hole', () => {
  const stretches = [stretch(0, 3 * HOUR, { namespace: 'shop' })];
  assert.deepEqual(findAllGaps(stretches, { namespaces: ['other'] }), [
    { cluster: 'c', namespace: 'other', from: 0, to: 3 * HOUR, caughtUpAt: undefined },
  ]);
});

test('findAllGaps keeps clusters apart and gives the gaps of all in time order', () => {
  const stretches = [
    stretch(0, 1, { cluster: 'a' }),
    stretch(5, 9, { cluster: 'a' }),
    stretch(0, 2, { cluster: 'b' }),
    stretch(3, 9, { cluster: 'b' }),
  ];
  const found = findAllGaps(stretches, {});
  assert.deepEqual(
    found.map(({ cluster, from, to }) => [cluster, from, to]),
    [
      ['a', 1, 5],
      ['b', 2, 3],
    ],
  );
  assert.deepEqual(findAllGaps(stretches, { clusters: ['b'] }), found.slice(1));
});
