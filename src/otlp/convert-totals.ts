import { resourceFromAttributes } from '@opentelemetry/resources';
import { METRICS, type Metric, type MetricName } from '../metrics/metric.ts';
import type { Total } from '../metrics/total-samples.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Resource } from '../traces/span.ts';
import type { SdkMetrics } from './exporter.ts';
import { convertAttributes, convertTime } from './readable.ts';

type SdkMetric = SdkMetrics['scopeMetrics'][number]['metrics'][number];

// What OpenTelemetry calls them: AggregationTemporality, DataPointType, ValueType.
const CUMULATIVE = 1;
const HISTOGRAM = 0;
const SUM = 3;
const INT = 0;
const DOUBLE = 1;

/**
 * Makes of what was counted what OpenTelemetry's exporters take. Names stay as Prometheus has them, labels become attributes (specification,
 * "Prometheus and OpenMetrics compatibility"); all is cumulative.
 */
export function convertTotals(totals: readonly Total[], resource: Resource, scope: Scope): SdkMetrics {
  const byMetric = new Map<MetricName, Total[]>();
  for (const total of totals) {
    const some = byMetric.get(total.metric) ?? [];
    byMetric.set(total.metric, some);
    some.push(total);
  }
  const metrics = [...byMetric].map(([name, some]) => convertMetric(name, METRICS[name], some));
  return {
    resource: resourceFromAttributes(convertAttributes(resource.attributes)),
    scopeMetrics: [{ scope, metrics }],
  };
}

function convertMetric(name: MetricName, metric: Metric, totals: readonly Total[]): SdkMetric {
  const { help: description, buckets } = metric;
  if (metric.type === 'counter')
    return {
      descriptor: { name, description, unit: '', valueType: INT },
      aggregationTemporality: CUMULATIVE,
      dataPointType: SUM,
      isMonotonic: true,
      dataPoints: totals.map((total) => ({ ...frameOf(total), value: total.value })),
    };
  return {
    descriptor: { name, description, unit: 's', valueType: DOUBLE },
    aggregationTemporality: CUMULATIVE,
    dataPointType: HISTOGRAM,
    dataPoints: totals.map((total) => ({
      ...frameOf(total),
      value: {
        buckets: { boundaries: [...buckets], counts: [...total.counts] },
        sum: total.value,
        count: total.counts.reduce((sum, count) => sum + count, 0),
      },
    })),
  };
}

function frameOf({ labels, since, at }: Total) {
  return { attributes: { ...labels }, startTime: convertTime(since), endTime: convertTime(at) };
}
