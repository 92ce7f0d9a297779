import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../test/fake-clock.ts';
import type { ClusterInfo } from '../events/query.ts';
import { MINUTE } from '../lib/time.ts';
import { openTotals } from '../metrics/total-samples.ts';
import type { Attempt } from '../otlp/open-outlet.ts';
import type { Resource } from '../traces/span.ts';
import { openMetricSender } from './metric-sending.ts';

const DOWN: Attempt = { result: 'later', after: undefined, error: new Error("Can't send metrics") };
const cluster = (uid: string, name: string): ClusterInfo => ({ uid, name, version: 'v1.36.0' });

interface Push {
  readonly resource: Resource;
  readonly values: readonly number[];
}

/** A sender to a receiver that answers as it is told, and what the receiver took. */
async function openTried(clusters: ClusterInfo[] = []) {
  const clock = createFakeClock();
  const totals = openTotals(clock.now());
  const [taken, notes]: [Push[], string[]] = [[], []];
  const [stop, asked] = [new AbortController(), new EventTarget()];
  let [answer, tries] = [undefined as Attempt | undefined, 0];
  const sender = await openMetricSender({
    readTotals: () => totals.read(clock.now()),
    readClusters: async () => clusters,
    self: { 'service.name': 'hark' },
    openOutlet: async (resourceOf) => ({
      async send(items) {
        tries += 1;
        if (answer === undefined)
          taken.push({ resource: resourceOf(), values: items.map(({ value }) => value) });
        asked.dispatchEvent(new Event('asked'));
        return answer ?? { result: 'taken', rejected: 0, notes: [] };
      },
      close: async () => {},
    }),
    interval: MINUTE,
    clock,
    random: () => 0.5,
    note: (text) => notes.push(text),
  });
  const running = sender.run(stop.signal);
  return {
    clusters,
    taken,
    notes,
    tries: () => tries,
    counts: () => sender.counts.get('metrics'),
    answers: (next: Attempt | undefined) => {
      answer = next;
    },
    count: (value: number) => totals.add([{ metric: 'hark_metrics_late_total', labels: {}, value }]),
    /** Lets a minute pass, after which something is sent; waits until it is ready for the next. */
    async pass() {
      await clock.untilSet(MINUTE);
      const heard = new Promise((resolve) => asked.addEventListener('asked', resolve, { once: true }));
      clock.advance(MINUTE);
      await heard;
      await clock.untilSet(MINUTE);
    },
    async end() {
      await clock.untilSet(MINUTE);
      stop.abort();
      await running;
    },
  };
}

const valuesOf = (taken: readonly Push[]) => taken.map(({ values }) => values);

test('openMetricSender sends all that is counted at every interval, and what came since then at the end', async () => {
  const tried = await openTried();
  tried.count(2);
  await tried.pass();
  tried.count(3);
  await tried.pass();
  tried.count(4);
  assert.deepEqual(valuesOf(tried.taken), [[2], [5]]);
  await tried.end();
  assert.deepEqual(valuesOf(tried.taken), [[2], [5], [9]]);
  assert.equal(tried.counts()?.sent, 3);
  assert.deepEqual(tried.notes, []);
});

test('openMetricSender makes up for what a receiver that was down did not take, says that once and counts it', async () => {
  const tried = await openTried();
  tried.answers(DOWN);
  for (const value of [1, 1, 1]) {
    tried.count(value);
    await tried.pass();
  }
  assert.deepEqual([tried.counts()?.retries, tried.counts()?.failing], [3, true]);
  assert.deepEqual(tried.notes, ["Can't send metrics. Tried again; nothing is lost meanwhile"]);
  tried.answers(undefined);
  await tried.pass();
  assert.deepEqual(valuesOf(tried.taken), [[3]]);
  assert.deepEqual(tried.notes.slice(1), ['metrics are sent again']);
  assert.equal(tried.counts()?.failing, false);
});

test('openMetricSender does not hold up the end for a receiver that took nothing the last time', async () => {
  const tried = await openTried();
  tried.answers(DOWN);
  await tried.pass();
  await tried.end();
  assert.equal(tried.tries(), 1);
});

test('openMetricSender names the cluster when what is counted is of no other', async () => {
  const tried = await openTried([cluster('7f1c', 'prod')]);
  await tried.pass();
  tried.clusters.push(cluster('9e02', 'staging'));
  await tried.pass();
  assert.deepEqual(
    tried.taken.map(({ resource }) => resource.attributes),
    [
      { 'service.name': 'hark', 'k8s.cluster.uid': '7f1c', 'k8s.cluster.name': 'prod' },
      { 'service.name': 'hark' },
    ],
  );
  await tried.end();
});
