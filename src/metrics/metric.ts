/** The names of what is measured. */
export type MetricName = keyof typeof METRICS;

/** One thing to count: of a counter by how much it grows, of a histogram the length in seconds. */
export interface Sample {
  readonly metric: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a metric is, as Prometheus is told: names and units by its conventions (base units, `_total` for counters). */
export interface Metric {
  readonly type: 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in seconds; empty of a counter. */
  readonly buckets: readonly number[];
}

/** What is told under instead of a label's value once there are too many of them. */
export const OTHER = 'other';

/** From what a scheduler needs to what a node needs that must be added first. */
const STARTUP = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
/** From an image of which only the manifest is asked for to many gigabytes. */
const PULL = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200];
/** From one Pod to a fleet; 600 s is the deadline of a Deployment (`progressDeadlineSeconds`). */
const ROLLOUT = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400];

/** Everything that is measured of the record. */
export const METRICS = {
  hark_pod_startup_seconds: {
    type: 'histogram',
    help: 'How long each phase of the start of a Pod took: scheduling, pulling, starting',
    labels: ['phase', 'namespace'],
    buckets: STARTUP,
  },
  hark_image_pull_seconds: {
    type: 'histogram',
    help: 'How long pulling an image took, by image without tag and digest',
    labels: ['image'],
    buckets: PULL,
  },
  hark_rollout_seconds: {
    type: 'histogram',
    help: 'How long rollouts took that are over, by how they came out',
    labels: ['kind', 'namespace', 'outcome'],
    buckets: ROLLOUT,
  },
  hark_rollouts_total: {
    type: 'counter',
    help: 'Rollouts that are over, by how they came out',
    labels: ['kind', 'namespace', 'outcome'],
    buckets: [],
  },
  hark_events_total: {
    type: 'counter',
    help: 'Happenings of Kubernetes Events, every repeat counted',
    labels: ['type', 'reason', 'kind', 'component'],
    buckets: [],
  },
  hark_metrics_folded_total: {
    type: 'counter',
    help: 'Measurements told under other because a label had too many values, by metric and label',
    labels: ['metric', 'label'],
    buckets: [],
  },
  hark_metrics_late_total: {
    type: 'counter',
    help: 'Measurements left out: so old that it is forgotten whether they were counted',
    labels: [],
    buckets: [],
  },
} as const satisfies Readonly<Record<string, Metric>>;
