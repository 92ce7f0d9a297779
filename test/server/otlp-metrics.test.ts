import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import { METRICS, type MetricName } from '../../src/metrics/metric.ts';
import { openMetricOutlet } from '../../src/otlp/open-outlet.ts';
import type { Protocol } from '../../src/otlp/target.ts';
import { runHere } from '../cli/run-here.ts';
import { makeFolder, startHark } from '../cli/start-hark.ts';
import { followProcess } from '../listen-harness.ts';
import { type Received, readFields, startGrpcReceiver, startHttpReceiver } from '../otlp-receiver.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { type StartedServer, startServer } from './start-server.ts';

const PATIENCE_MS = 120_000;
const SCOPE = { name: 'kubectl-hark', version: '0.0.0' };
const RESOURCE = { attributes: { 'service.name': 'hark' } };
const SIGHTINGS = readSightings('v1.20/a-healthy-rollout/events-core-v1.jsonl');
const recorded = (name: string) =>
  join(import.meta.dirname, `../recordings/v1.36/${name}/events-core-v1.jsonl.gz`);
const [BEFORE, MEANWHILE] = [recorded('a-healthy-rollout'), recorded('b-bad-image')];
/** Fields of ExportMetricsServiceRequest: resource_metrics, scope_metrics, metrics; of a metric: sum or histogram, data_points. */
const METRIC_FIELDS = [1, 2, 2];
const POINT_FIELDS = [
  [7, 1],
  [9, 1],
];

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asInt?: number;
  readonly sum?: number;
  readonly count?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
}

interface ToldMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

/** What a request tells, as lines of /metrics: `name{labels}` → value, labels sorted. */
function readPushed({ body }: Received): Map<string, number> {
  const lines = new Map<string, number>();
  const { resourceMetrics } = JSON.parse(body.toString('utf8'));
  for (const { name, sum, histogram } of resourceMetrics[0].scopeMetrics[0].metrics as ToldMetric[]) {
    for (const point of sum?.dataPoints ?? []) lines.set(nameLine(name, labelsOf(point)), point.asInt ?? NaN);
    for (const point of histogram?.dataPoints ?? []) {
      const labels = labelsOf(point);
      let below = 0;
      for (const [place, count] of (point.bucketCounts ?? []).entries()) {
        below += count;
        const le = String(point.explicitBounds?.[place] ?? '+Inf');
        lines.set(nameLine(`${name}_bucket`, [...labels, ['le', le]]), below);
      }
      lines.set(nameLine(`${name}_sum`, labels), point.sum ?? NaN);
      lines.set(nameLine(`${name}_count`, labels), point.count ?? NaN);
    }
  }
  return lines;
}

function labelsOf({ attributes }: Pick<Point, 'attributes'>): [string, string][] {
  return attributes.map(({ key, value }) => [key, value.stringValue]);
}

function nameLine(name: string, labels: readonly (readonly [string, string])[]): string {
  return `${name}{${labels
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .sort()
    .join()}}`;
}

/** What /metrics tells of the record, in the same form. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (METRICS[name.replace(/_(?:bucket|sum|count)$/, '') as MetricName] === undefined) continue;
    const named = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(
      ([, label = '', of = '']) => [label, of] as const,
    );
    lines.set(nameLine(name, named), Number(value));
  }
  return lines;
}

const sorted = (lines: ReadonlyMap<string, number>) =>
  [...lines].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

async function sendTotals(url: string, protocol: Protocol, server: Pick<StartedServer, 'readTotals'>) {
  const outlet = await openMetricOutlet({ signal: 'metrics', protocol, url }, SCOPE, () => RESOURCE);
  try {
    return await outlet.send(server.readTotals());
  } finally {
    await outlet.close();
  }
}

test('what is sent over OTLP is what /metrics tells of the record, value by value, over each protocol', async () => {
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));
  const [json, proto, grpc] = [
    await startHttpReceiver(),
    await startHttpReceiver(),
    await startGrpcReceiver(),
  ];
  for (const [url, protocol] of [
    [`${json.url}/v1/metrics`, 'http/json'],
    [`${proto.url}/v1/metrics`, 'http/protobuf'],
    [grpc.url, 'grpc'],
  ] as const)
    assert.equal((await sendTotals(url, protocol, server)).result, 'taken', protocol);
  const scraped = await scrape(server.url);
  assert.ok([...scraped.keys()].some((line) => line.startsWith('hark_rollout_seconds_bucket{')));
  assert.ok(scraped.size > 80, String(scraped.size));
  assert.deepEqual(json.received.map(readPushed).map(sorted), [sorted(scraped)]);
  const points = server.readTotals().length;
  for (const { received } of [proto, grpc]) {
    const metrics = received.flatMap(({ body }) => readFields(body, METRIC_FIELDS));
    assert.equal(
      metrics.flatMap((each) => POINT_FIELDS.flatMap((path) => readFields(each, path))).length,
      points,
    );
  }
  assert.match(grpc.received[0]?.path ?? '', /MetricsService\/Export$/);
});

test('a receiver says what it did not take of metrics', async () => {
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));
  const body = JSON.stringify({
    partialSuccess: { rejectedDataPoints: '2', errorMessage: 'too many series' },
  });
  const { url } = await startHttpReceiver({ body });
  assert.deepEqual(await sendTotals(url, 'http/json', server), {
    result: 'taken',
    rejected: 2,
    notes: ['too many series'],
  });
});

const sumOfEvents = (lines: ReadonlyMap<string, number>) =>
  [...lines].reduce((sum, [line, value]) => sum + (line.startsWith('hark_events_total{') ? value : 0), 0);

/** Asks until the answer will do. */
async function until<T>(what: string, ask: () => Promise<T>, willDo: (answer: T) => boolean): Promise<T> {
  const since = performance.now();
  for (;;) {
    const answer = await ask();
    if (willDo(answer)) return answer;
    if (performance.now() - since > PATIENCE_MS) throw new Error(`${what}: ${inspect(answer)}`);
    await delay(20);
  }
}

/** Starts `hark serve` over a store that holds something, and imports more once it answers that it has read that. */
async function serveGrowing(flags: readonly string[], env: Record<string, string> = {}) {
  const store = join(makeFolder(), 'events.db');
  const importInto = async (recording: string) => {
    const { code, stderr } = await runHere(['import', recording, '--cluster', 'prod', '--store', store]);
    assert.equal(code, 0, stderr);
  };
  await importInto(BEFORE);
  const args = ['serve', '--listen', '127.0.0.1:0', '--store', store, ...flags];
  const child = followProcess(startHark(args, { env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...env } }));
  await child.says(/sending metrics to \S+ \(http\/json\)\n/);
  const url = /Hark is at (\S+)\n/.exec(child.stderr())?.[1] ?? '';
  const isReady = async () => (await fetch(`${url}/readyz`)).status;
  await until('/readyz', isReady, (status) => status === 200);
  assert.equal(sumOfEvents(await scrape(url)), 0);
  await importInto(MEANWHILE);
  const scraped = await until(
    '/metrics',
    () => scrape(url),
    (lines) => sumOfEvents(lines) > 0,
  );
  return { ...child, url, scraped };
}

test('hark serve --otlp-metrics URL sends at each interval what /metrics tells, with the cluster that it is of, and nothing else', async () => {
  const { url, received } = await startHttpReceiver();
  const served = await serveGrowing(['--otlp-metrics', url], { OTEL_METRIC_EXPORT_INTERVAL: '100' });
  const sentLast = () => new Map(received.slice(-1).flatMap((last) => [...readPushed(last)]));
  await until(
    'sent and told',
    async () => [sorted(sentLast()), sorted(await scrape(served.url))],
    ([sent, told]) => isDeepStrictEqual(sent, told) && sumOfEvents(new Map(told)) > 0,
  );
  assert.deepEqual([...new Set(received.map(({ path }) => path))], ['/v1/metrics']);
  const { attributes } = JSON.parse(received.at(-1)?.body.toString('utf8') ?? '').resourceMetrics[0].resource;
  const told = new Map(labelsOf({ attributes }));
  assert.equal(told.get('service.name'), 'hark');
  assert.equal(told.get('k8s.cluster.name'), 'prod');
  assert.match(told.get('service.instance.id') ?? '', /^[0-9a-f-]{36}$/);
  const text = await (await fetch(`${served.url}/metrics`)).text();
  assert.match(text, /^hark_otlp_sent_total\{signal="metrics"\} [1-9]/m);
  assert.match(text, /^hark_otlp_failing\{signal="metrics"\} 0$/m);
  assert.doesNotMatch(served.stderr(), /Nothing is sent|Of OTLP only/);
  assert.equal((await served.end('SIGTERM')).code, 0, served.stderr());
});

test('hark serve --otlp-metrics sends once more when it ends, and to where metrics alone go', async () => {
  const { url, received } = await startHttpReceiver();
  const flags = ['--otlp', 'env', '--otlp-metrics'];
  const served = await serveGrowing(flags, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/in` });
  assert.equal((await served.end('SIGTERM')).code, 0, served.stderr());
  const last = received.at(-1) ?? assert.fail('nothing was sent');
  assert.equal(last.path, '/in');
  const sent = readPushed(last);
  for (const [line, value] of served.scraped) assert.ok((sent.get(line) ?? 0) >= value, line);
});

test('hark serve says what is wrong about sending metrics before it serves', async () => {
  for (const [args, env, message] of [
    [['--otlp-metrics'], {}, /--otlp-metrics says how to send, and --otlp is missing/],
    [
      ['--otlp', 'env', '--otlp-metrics'],
      { OTEL_METRIC_EXPORT_INTERVAL: '1m' },
      /OTEL_METRIC_EXPORT_INTERVAL is "1m"/,
    ],
    [
      ['--otlp', 'http://otel:1', '--otlp-metrics'],
      { OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'udp' },
      /METRICS_PROTOCOL is "udp"/,
    ],
  ] as const) {
    const { code, stderr } = await runHere(['serve', ...args], env);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
