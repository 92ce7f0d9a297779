import { Counter, Histogram, type Registry } from 'prom-client';
import { METRICS, type Metric, type MetricName, type Sample } from '../metrics/metric.ts';
import type { Model } from './model.ts';

/** Exposes what is counted of the record: of Pods, images, rollouts and Events. */
export function measureRecord(registry: Registry, model: Pick<Model, 'measure' | 'onSamples'>): void {
  const sinks = new Map<MetricName, (sample: Sample) => void>();
  for (const [name, metric] of Object.entries(METRICS) as [MetricName, Metric][])
    sinks.set(
      name,
      openSink(registry, name, metric, () => model.measure()),
    );
  model.onSamples((samples) => {
    for (const sample of samples) sinks.get(sample.metric)?.(sample);
  });
}

function openSink(
  registry: Registry,
  name: MetricName,
  { type, help, labels, buckets }: Metric,
  collect: () => void,
): (sample: Sample) => void {
  const of = { name, help, labelNames: [...labels], registers: [registry], collect };
  if (type === 'counter') {
    const counter = new Counter(of);
    return (sample) => counter.inc(sample.labels, sample.value);
  }
  const histogram = new Histogram({ ...of, buckets: [...buckets] });
  return (sample) => histogram.observe(sample.labels, sample.value);
}
