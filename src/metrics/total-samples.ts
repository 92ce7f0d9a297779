import type { Micros } from '../lib/time.ts';
import { METRICS, type Metric, type MetricName, type Sample } from './metric.ts';

/** What was counted under one set of labels of one metric. */
export interface Total {
  readonly metric: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a counter what it counted, of a histogram the sum of the lengths in seconds. */
  readonly value: number;
  /** How many lengths fell into each bucket of the metric and no smaller one, and last of all above; empty of a counter. */
  readonly counts: readonly number[];
  /** Since when it is counted. */
  readonly since: Micros;
  /** Until when. */
  readonly at: Micros;
}

/** What was counted since the start, added up. */
export interface Totals {
  add(samples: readonly Sample[]): void;
  /** A counter without labels is there from the start; everything else with the first thing that it counts. */
  read(at: Micros): Total[];
}

interface Growing {
  readonly metric: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: number[];
  value: number;
}

/** @param since when the counting began */
export function openTotals(since: Micros): Totals {
  const totals = new Map<string, Growing>();

  function find(metric: MetricName, labels: Readonly<Record<string, string>>): Growing {
    const { buckets, labels: names }: Metric = METRICS[metric];
    const key = JSON.stringify([metric, ...names.map((name) => labels[name])]);
    const known = totals.get(key);
    if (known !== undefined) return known;
    const counts = buckets.length === 0 ? [] : Array.from({ length: buckets.length + 1 }, () => 0);
    const total = { metric, labels, counts, value: 0 };
    totals.set(key, total);
    return total;
  }

  for (const [name, { type, labels }] of Object.entries(METRICS) as [MetricName, Metric][])
    if (type === 'counter' && labels.length === 0) find(name, {});
  return {
    add(samples) {
      for (const { metric, labels, value } of samples) {
        const total = find(metric, labels);
        total.value += value;
        if (total.counts.length === 0) continue;
        const place = placeOf(value, METRICS[metric].buckets);
        total.counts[place] = (total.counts[place] ?? 0) + 1;
      }
    },
    read: (at) => [...totals.values()].map((total) => ({ ...total, counts: [...total.counts], since, at })),
  };
}

/** The first bucket that is not below the value; upper bounds are part of theirs, as both Prometheus and OpenTelemetry have it. */
function placeOf(value: number, buckets: readonly number[]): number {
  const place = buckets.findIndex((bound) => value <= bound);
  return place < 0 ? buckets.length : place;
}
