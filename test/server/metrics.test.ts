import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../src/metrics/metric.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { startServer } from './start-server.ts';

const SIGHTINGS = readSightings('v1.20/a-healthy-rollout/events-core-v1.jsonl');

/** What `/metrics` says of the record: `name{labels}` → value. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

function sumOf(metrics: ReadonlyMap<string, number>, name: string): number {
  return [...metrics].reduce((sum, [key, value]) => sum + (key.startsWith(`${name}{`) ? value : 0), 0);
}

test('/metrics tells of a file all that its Events tell, once, however often it is asked', async () => {
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));
  for (const metrics of [await scrape(server.url), await scrape(server.url)]) {
    assert.equal(
      metrics.get('hark_events_total{type="Normal",reason="Killing",kind="Pod",component="kubelet"}'),
      2,
    );
    assert.equal(sumOf(metrics, 'hark_events_total'), 32);
    const starting = 'phase="starting",namespace="healthy"';
    assert.equal(metrics.get(`hark_pod_startup_seconds_count{${starting}}`), 4);
    assert.equal(metrics.get(`hark_pod_startup_seconds_bucket{le="0.5",${starting}}`), 0);
    assert.equal(metrics.get(`hark_pod_startup_seconds_bucket{le="1",${starting}}`), 2);
    assert.equal(metrics.get(`hark_pod_startup_seconds_bucket{le="2.5",${starting}}`), 4);
    assert.equal(metrics.get('hark_image_pull_seconds_sum{image="ghcr.io/stefanprodan/podinfo"}'), 0.145944);
    const rollouts = '{kind="Deployment",namespace="healthy",outcome="succeeded"}';
    assert.equal(metrics.get(`hark_rollouts_total${rollouts}`), 2);
    assert.equal(metrics.get(`hark_rollout_seconds_count${rollouts}`), 2);
    assert.equal(metrics.get('hark_metrics_late_total'), 0);
  }
});

test('/metrics of a live server counts what comes after its start, not what it finds in its store', async () => {
  const [half, rest] = [SIGHTINGS.slice(0, 20), SIGHTINGS.slice(20)];
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: half }), {
    standsStill: false,
  });
  assert.equal(sumOf(await scrape(server.url), 'hark_events_total'), 0);
  await server.writer.write({ cluster: CLUSTER, sightings: SIGHTINGS });
  const names = new Set(half.map(({ event }) => event.name));
  const added = new Set(rest.map(({ event }) => event.name).filter((name) => !names.has(name))).size;
  assert.ok(added > 5, String(added));
  for (;;) {
    const counted = sumOf(await scrape(server.url), 'hark_events_total');
    assert.ok(counted <= added, `${counted} of ${added}`);
    if (counted === added) break;
  }
  assert.equal(sumOf(await scrape(server.url), 'hark_rollouts_total'), 0);
});

test('names, units and help texts of what is measured follow the conventions of Prometheus', async () => {
  const server = await startServer(async () => {});
  const text = await (await fetch(`${server.url}/metrics`)).text();
  for (const [name, { type, help, labels, buckets }] of Object.entries(METRICS)) {
    assert.ok(text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`), name);
    assert.match(name, type === 'counter' ? /^hark_[a-z_]+_total$/ : /^hark_[a-z_]+_seconds$/);
    for (const label of labels) assert.match(label, /^(?!le$)[a-z]+$/);
    assert.equal(type === 'histogram', buckets.length > 0, name);
    assert.deepEqual(
      buckets,
      [...buckets].sort((a, b) => a - b),
      name,
    );
  }
});
