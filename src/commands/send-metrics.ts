import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { Clock } from '../lib/clock.ts';
import { readMetricInterval } from '../otlp/read-interval.ts';
import type { MetricSender, MetricSenderOptions } from '../send/metric-sending.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './context.ts';
import { chooseOwnTarget, SCOPE, type SendOptions } from './send-live.ts';

export interface MetricOptions extends SendOptions {
  /** Where to, where that is another receiver than that of traces, or there is none. */
  readonly otlpMetrics?: string | true;
}

/** Declares the flag that says that what is counted is sent. */
export function declareSendingMetrics(parser: Command): void {
  parser.option(
    '--otlp-metrics [URL]',
    'send what /metrics tells of the record, every minute or OTEL_METRIC_EXPORT_INTERVAL; without a URL where --otlp says',
  );
}

/** @throws HarkError `usage` before anything is opened */
export function checkSendingMetrics(options: MetricOptions, { env }: Context): void {
  if (chooseOwnTarget(options, options.otlpMetrics, 'metrics', env) !== undefined) readMetricInterval(env);
}

export interface LiveMetrics extends MetricSender {
  /** Where it sends, for people. */
  readonly says: string;
}

/** What sends what a server counts; undefined when that was not asked for. */
export async function openLiveMetrics(
  options: MetricOptions,
  readTotals: MetricSenderOptions['readTotals'],
  store: Pick<Store, 'readClusters'>,
  clock: Clock,
  { env }: Context,
  note: (text: string) => void,
): Promise<LiveMetrics | undefined> {
  const target = chooseOwnTarget(options, options.otlpMetrics, 'metrics', env);
  if (target === undefined) return undefined;
  const [{ openMetricOutlet }, { openMetricSender }] = await Promise.all([
    import('../otlp/open-outlet.ts'),
    import('../send/metric-sending.ts'),
  ]);
  const sender = await openMetricSender({
    readTotals,
    readClusters: () => store.readClusters(),
    self: {
      'service.name': 'hark',
      'service.version': packageJson.version,
      // Two servers that count the same must not be taken for one.
      'service.instance.id': randomUUID(),
    },
    openOutlet: (resourceOf) => openMetricOutlet(target, SCOPE, resourceOf),
    interval: readMetricInterval(env),
    clock,
    random: Math.random,
    note,
  });
  return { ...sender, says: `sending metrics to ${target.url} (${target.protocol})` };
}
