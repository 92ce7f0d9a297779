import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import * as answers from '../../src/server/schemas/answers.ts';
import { listScenarios } from '../read-recording.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { DEMO_LINES } from './demo-lines.ts';
import { type StartedServer, startServer } from './start-server.ts';

type Timeline = Static<typeof answers.timeline>;

const SIGHTINGS = listScenarios().flatMap((scenario) => readSightings(`${scenario}/events-core-v1.jsonl`));

const start = () => startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 0.001 * Math.max(10, expected),
    `${what}: ${actual}, not ${expected}`,
  );
}

/** Everything that is drawn of happenings, per bucket. */
function sumRows({ rows, buckets }: Timeline): [normal: number, warning: number][] {
  const sums = Array.from({ length: buckets }, (): [number, number] => [0, 0]);
  for (const { density } of rows)
    for (const [bucket, normal, warning] of density) {
      const into = sums[bucket];
      assert.ok(into !== undefined);
      into[0] += normal;
      into[1] += warning;
    }
  return sums;
}

/** Happenings that the Events of a query count up to. */
async function countHappenings(
  server: StartedServer,
  query: string,
): Promise<{ events: number; count: number }> {
  const { items } = await server.json<{ items: { count: number; events: number }[] }>(
    `/v1/top?rows=10000&${query}`,
  );
  return { events: sum(items.map(({ events }) => events)), count: sum(items.map(({ count }) => count)) };
}

test('/v1/timeline draws every happening once, whatever the rows are and which of them are open', async () => {
  const server = await start();
  const all = await countHappenings(server, '');
  assert.ok(all.count > 1000);
  for (const group of ['owner', 'node', 'namespace'])
    for (const expand of ['', '&expand=all']) {
      const answer = await server.json<Timeline>(
        `/v1/timeline?group=${group}${expand}&width=97&rows=1000&bars=5`,
      );
      assert.deepEqual([...Value.Errors(answers.timeline, answer)].slice(0, 3), []);
      const { totals, histogram, rows, moreRows, undated } = answer;
      assert.equal(moreRows, 0);
      assert.equal(totals.events + undated, all.events);
      assert.ok(undated > 0);
      near(totals.count + undated, all.count, 'totals');
      near(sum([...histogram.normal, ...histogram.warning]), totals.count, 'histogram');
      for (const [bucket, [normal, warning]] of sumRows(answer).entries()) {
        near(normal, histogram.normal[bucket] ?? 0, `normal in ${bucket} of ${group}${expand}`);
        near(warning, histogram.warning[bucket] ?? 0, `warnings in ${bucket} of ${group}${expand}`);
      }
      near(sum(rows.filter(({ depth }) => depth === 0).map(({ count }) => count)), totals.count, 'rows');
      assert.equal(
        rows.every(({ parent, depth }) => (parent === null) === (depth === 0)),
        true,
      );
      if (expand !== '') assert.ok(rows.some(({ depth }) => depth >= 1));
    }
});

test('/v1/timeline tells the most frequent reasons of each bucket, as many as asked for, as /v1/facets counts them', async () => {
  const server = await start();
  const { reasons } = await server.json<{ reasons: { value: string; count: number }[] }>('/v1/facets');
  const ask = async (query: string) =>
    (await server.json<Timeline>(`/v1/timeline?rows=0&${query}`)).histogram.reasons;
  const whole = await ask('width=1&reasons=3');
  const most = reasons.map(({ count }) => count).sort((a, b) => b - a);
  assert.deepEqual(
    whole.map(([, , count]) => Math.round(count)),
    most.slice(0, 3),
  );
  for (const [, reason, count] of whole)
    assert.equal(reasons.find(({ value }) => value === reason)?.count, Math.round(count));
  const [, first = ''] = whole[0] ?? [];
  const parts = (await ask('width=50&reasons=10')).filter(([, reason]) => reason === first);
  near(sum(parts.map(([, , count]) => count)), most[0] ?? 0, first);
  assert.deepEqual(await ask('width=50'), []);
});

test('/v1/timeline folds a row, and draws what is below on it, when collapse names it', async () => {
  const server = await start();
  const all = await server.json<Timeline>('/v1/timeline?expand=all&rows=1000');
  const row = all.rows.find(({ expanded }) => expanded);
  assert.ok(row !== undefined);
  const folded = await server.json<Timeline>(`/v1/timeline?expand=all&rows=1000&collapse=${row.id}`);
  assert.equal(folded.rows.find(({ id }) => id === row.id)?.expanded, false);
  assert.ok(folded.rows.length < all.rows.length);
  assert.ok(!folded.rows.some(({ parent }) => parent === row.id));
  near(sum(sumRows(folded).flat()), sum(sumRows(all).flat()), 'happenings');
});

test('/v1/events/ID gives each Event as the list does, and says when there is none', async () => {
  const server = await start();
  const { items } = await server.json<{ items: { id: string }[] }>('/v1/events?limit=20');
  for (const item of items)
    assert.deepEqual(await server.json(`/v1/events/${encodeURIComponent(item.id)}`), item);
  const none = await server.json<{ error: { code: string } }>('/v1/events/no-such-event');
  assert.equal(none.error.code, 'not-found');
});

test('/v1/timeline shows the parts of a stretch as it shows the whole', async () => {
  const server = await start();
  const whole = await server.json<Timeline>('/v1/timeline?rows=0');
  assert.ok(whole.extent !== null);
  const { from, to } = whole.extent;
  const cuts = [0, 0.11, 0.37, 0.5, 0.93, 1].map((share) => Math.round(from + share * (to + 1 - from)));
  let count = 0;
  for (const [index, since] of cuts.slice(0, -1).entries()) {
    const part = await server.json<Timeline>(`/v1/timeline?rows=0&since=${since}&until=${cuts[index + 1]}`);
    assert.deepEqual([part.since, part.until], [since, cuts[index + 1]]);
    assert.deepEqual(part.extent, whole.extent);
    count += part.totals.count;
  }
  near(count, whole.totals.count, 'parts');
  const none = await server.json<Timeline>(`/v1/timeline?since=${to + 10}&until=${to + 1000}`);
  assert.deepEqual([none.totals.events, none.rows.length, none.buckets], [0, 0, 600]);
  const instant = await server.json<Timeline>(`/v1/timeline?since=${to}&until=${to + 1}`);
  assert.deepEqual([instant.buckets, instant.totals.events > 0], [1, true]);
});

test('/v1/timeline shows what keeps failing where nothing happens: between two tries', async () => {
  const sightings = readSightings('v1.36/c-crashloop/events-core-v1.jsonl');
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings }));
  const all = await server.json<Timeline>('/v1/timeline?expand=all&width=4000');
  assert.ok(all.extent !== null);
  /** The longest time in which nothing happened at all. */
  const happened = all.histogram.normal.map(
    (count, bucket) => count + (all.histogram.warning[bucket] ?? 0) > 0,
  );
  const busy = happened.flatMap((is, bucket) => (is ? [bucket] : []));
  const quiet = busy
    .slice(1)
    .map((bucket, index) => ({ from: (busy[index] ?? 0) + 1, length: bucket - (busy[index] ?? 0) - 1 }))
    .sort((a, b) => b.length - a.length)[0];
  assert.ok(quiet !== undefined && quiet.length >= 3);
  const at = (bucket: number) => Math.round(all.since + bucket * all.bucket);
  const window = `since=${at(quiet.from + 1)}&until=${at(quiet.from + quiet.length - 1)}`;
  const between = await server.json<Timeline>(`/v1/timeline?expand=all&${window}`);
  assert.equal(between.totals.events, 0);
  const failing = between.rows.filter(({ bars }) => bars.some(({ outcome }) => outcome === 'failed'));
  assert.ok(
    failing.some(({ object }) => object.kind === 'Pod'),
    JSON.stringify(between.rows),
  );
  assert.ok(between.rows.every(({ events, density }) => events === 0 && density.length === 0));
  const ofText = await server.json<Timeline>(`/v1/timeline?expand=all&${window}&type=Warning`);
  assert.deepEqual(ofText.rows, [], 'what Warnings tell is asked');
  const elsewhere = await server.json<Timeline>(`/v1/timeline?expand=all&${window}&namespace=nowhere`);
  assert.deepEqual(elsewhere.rows, []);
});

test('/v1/timeline chooses by the filters of Events', async () => {
  const server = await start();
  for (const filter of [
    'type=Warning',
    'reason=BackOff,Failed',
    'kind=pod&component=kubelet',
    'namespace=bad-image',
    'grep=(%3Fi)back-off',
    'text=pulling',
    'type=Warning&grep=fail&kind=po',
  ]) {
    const answer = await server.json<Timeline>(`/v1/timeline?rows=1000&expand=all&${filter}`);
    const expected = await countHappenings(server, filter);
    assert.ok(expected.count > 0, filter);
    assert.equal(answer.totals.events + answer.undated, expected.events, filter);
    near(answer.totals.count + answer.undated, expected.count, filter);
  }
});

test('/v1/timeline gives rows in parts, which together are all', async () => {
  const server = await start();
  const path = '/v1/timeline?expand=all&order=name&bars=0';
  const whole = await server.json<Timeline>(`${path}&rows=1000`);
  const rows: Timeline['rows'] = [];
  for (let more = 1; more > 0; ) {
    const part: Timeline = await server.json<Timeline>(`${path}&rows=13&offset=${rows.length}`);
    rows.push(...part.rows);
    more = part.moreRows;
  }
  assert.deepEqual(
    rows.map(({ id, label }) => [id, label]),
    whole.rows.map(({ id, label }) => [id, label]),
  );
});

test('/v1/timeline draws stories with their length, and what they are is in /v1/stories', async () => {
  const server = await startServer((store) => store.write(DEMO_LINES));
  const answer = await server.json<Timeline>('/v1/timeline?namespace=shop&expand=all');
  const podinfo = answer.rows.find(({ label }) => label === 'deployment/podinfo');
  assert.ok(podinfo !== undefined && podinfo.bars.length > 0);
  assert.deepEqual(
    answer.rows
      .filter(({ parent }) => parent === podinfo.id)
      .every(({ label }) => label.startsWith('replicaset/podinfo')),
    true,
  );
  for (const bar of podinfo.bars.filter(({ kind }) => kind === 'story')) {
    const story = await server.json<Static<typeof answers.oneStory>>(`/v1/stories/${bar.story}`);
    assert.equal(Date.parse(story.from), Math.floor(bar.from / 1000));
    assert.equal(story.outcome, bar.outcome);
    assert.equal(story.endsAt === null, bar.to === null);
  }
  const collapsed = await server.json<Timeline>('/v1/timeline?namespace=shop');
  assert.equal(
    collapsed.rows.every(({ depth }) => depth === 0),
    true,
  );
  const opened = await server.json<Timeline>(`/v1/timeline?namespace=shop&expand=${podinfo.id}`);
  assert.equal(opened.rows.filter(({ depth }) => depth === 1).length, podinfo.children);
  const stories = await server.json<Timeline>('/v1/timeline?group=story&namespace=shop');
  const listed = await server.json<Static<typeof answers.storyList>>('/v1/stories?namespace=shop&limit=1000');
  assert.deepEqual(
    stories.rows.map(({ story }) => story),
    listed.items.map(({ id }) => id),
  );
});

test('/v1/facets counts each value under all filters but its own', async () => {
  const server = await start();
  const answer = await server.json<Static<typeof answers.facets>>('/v1/facets?type=Warning&limit=1000');
  assert.deepEqual([...Value.Errors(answers.facets, answer)], []);
  for (const { value, events, count } of answer.reasons) {
    const expected = await countHappenings(server, `type=Warning&reason=${value}`);
    assert.equal(events, expected.events);
    near(count, expected.count, value);
  }
  const types = Object.fromEntries(answer.types.map(({ value, events }) => [value, events]));
  assert.ok((types.Normal ?? 0) > 0 && (types.Warning ?? 0) > 0);
  assert.equal(sum(answer.reasons.map(({ events }) => events)), types.Warning);
});

test('every answer is what its schema says', async () => {
  const server = await startServer((store) => store.write(DEMO_LINES));
  const cases: [string, TSchema][] = [
    ['/v1/clusters', answers.clusterList],
    ['/v1/coverage', answers.coverage],
    ['/v1/events?limit=20', answers.eventPage],
    ['/v1/stories', answers.storyList],
    ['/v1/why', answers.diagnosis],
    ['/v1/top?by=objects', answers.top],
    ['/v1/facets', answers.facets],
    ['/v1/objects', answers.objectList],
    ['/v1/changes', answers.changeList],
    ['/v1/timeline?group=story', answers.timeline],
  ];
  const { paths } = await server.json<{ paths: Record<string, unknown> }>('/openapi.json');
  for (const [path, schema] of cases) {
    const answer = await server.json(path);
    assert.deepEqual([path, [...Value.Errors(schema, answer)].slice(0, 3)], [path, []]);
    assert.ok(paths[path.split('?')[0] ?? ''] !== undefined, path);
  }
});
