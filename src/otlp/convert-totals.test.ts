import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { METRICS } from '../metrics/metric.ts';
import { openTotals } from '../metrics/total-samples.ts';
import { convertTotals } from './convert-totals.ts';

const SCOPE = { name: 'kubectl-hark', version: '0.0.0' };
const SINCE = Date.UTC(2026, 10, 23, 16) * 1_000 + 5;
const AT = SINCE + 60_000_000;
const nanos = (at: number) => `${at}000`;
const times = { startTimeUnixNano: nanos(SINCE), timeUnixNano: nanos(AT) };
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

test('convertTotals makes of counters cumulative, monotonic sums and of lengths histograms, under the names of /metrics', () => {
  const totals = openTotals(SINCE);
  totals.add([
    {
      metric: 'hark_events_total',
      labels: { type: 'Normal', reason: 'Pulled', kind: 'Pod', component: 'kubelet' },
      value: 7,
    },
    { metric: 'hark_image_pull_seconds', labels: { image: 'podinfo' }, value: 0.25 },
    { metric: 'hark_image_pull_seconds', labels: { image: 'podinfo' }, value: 2_000 },
  ]);
  const resource = { attributes: { 'service.name': 'hark', 'k8s.cluster.name': 'kind' } };
  const written = JsonMetricsSerializer.serializeRequest(convertTotals(totals.read(AT), resource, SCOPE));
  const { resourceMetrics } = JSON.parse(new TextDecoder().decode(written));
  const [{ resource: told, scopeMetrics }] = resourceMetrics;
  assert.equal(resourceMetrics.length, 1);
  assert.deepEqual(told.attributes, [
    attribute('service.name', 'hark'),
    attribute('k8s.cluster.name', 'kind'),
  ]);
  const [{ scope, metrics }] = scopeMetrics;
  assert.deepEqual([scope.name, scope.version], [SCOPE.name, SCOPE.version]);
  assert.deepEqual(metrics, [
    {
      name: 'hark_metrics_late_total',
      description: METRICS.hark_metrics_late_total.help,
      unit: '',
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: [{ attributes: [], ...times, asInt: 0 }],
      },
    },
    {
      name: 'hark_events_total',
      description: METRICS.hark_events_total.help,
      unit: '',
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: [
          {
            attributes: [
              attribute('type', 'Normal'),
              attribute('reason', 'Pulled'),
              attribute('kind', 'Pod'),
              attribute('component', 'kubelet'),
            ],
            ...times,
            asInt: 7,
          },
        ],
      },
    },
    {
      name: 'hark_image_pull_seconds',
      description: METRICS.hark_image_pull_seconds.help,
      unit: 's',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [
          {
            attributes: [attribute('image', 'podinfo')],
            ...times,
            count: 2,
            sum: 2000.25,
            bucketCounts: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            explicitBounds: [...METRICS.hark_image_pull_seconds.buckets],
          },
        ],
      },
    },
  ]);
});
