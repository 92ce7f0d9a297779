import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { METRICS, type Sample } from './metric.ts';
import { openTotals } from './total-samples.ts';

const SINCE = 1_000;
const AT = 9_000;
const PULLS = METRICS.hark_image_pull_seconds.buckets;
const pull = (image: string, value: number): Sample => ({
  metric: 'hark_image_pull_seconds',
  labels: { image },
  value,
});

test('openTotals begins with counters that have no labels, at 0, and nothing else', () => {
  assert.deepEqual(openTotals(SINCE).read(AT), [
    { metric: 'hark_metrics_late_total', labels: {}, value: 0, counts: [], since: SINCE, at: AT },
  ]);
});

test('openTotals adds up by labels, in whatever order these are named', () => {
  const totals = openTotals(SINCE);
  const [kind, namespace, outcome] = ['Deployment', 'shop', 'failed'];
  totals.add([{ metric: 'hark_rollouts_total', labels: { kind, namespace, outcome }, value: 2 }]);
  totals.add([{ metric: 'hark_rollouts_total', labels: { outcome, namespace, kind }, value: 3 }]);
  totals.add([{ metric: 'hark_rollouts_total', labels: { kind, namespace: 'other', outcome }, value: 1 }]);
  const told = totals.read(AT).filter(({ metric }) => metric === 'hark_rollouts_total');
  assert.deepEqual(
    told.map(({ labels, value }) => [labels['namespace'], value]),
    [
      ['shop', 5],
      ['other', 1],
    ],
  );
});

test('openTotals puts a length into the first bucket that it is not above, and each into one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...PULLS), fc.double({ min: 0, max: 5_000, noNaN: true })), {
        minLength: 1,
      }),
      (lengths) => {
        const totals = openTotals(SINCE);
        totals.add(lengths.map((length) => pull('podinfo', length)));
        const total = totals.read(AT).find(({ metric }) => metric === 'hark_image_pull_seconds');
        const upTo = (place: number) =>
          (total?.counts ?? []).slice(0, place + 1).reduce((sum, count) => sum + count, 0);
        for (const [place, bound] of PULLS.entries())
          assert.equal(upTo(place), lengths.filter((length) => length <= bound).length);
        assert.equal(upTo(PULLS.length), lengths.length);
        assert.equal(
          total?.value,
          lengths.reduce((sum, length) => sum + length, 0),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('openTotals gives what stays as it is when more is added', () => {
  const totals = openTotals(SINCE);
  totals.add([pull('podinfo', 1)]);
  const before = totals.read(AT);
  const copy = structuredClone(before);
  totals.add([pull('podinfo', 1)]);
  assert.deepEqual(before, copy);
  assert.notDeepEqual(totals.read(AT), copy);
});
