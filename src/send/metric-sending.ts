import type { ClusterInfo } from '../events/query.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import type { MicrosLength } from '../lib/time.ts';
import type { Total } from '../metrics/total-samples.ts';
import { cutBatches, sizeOfAttributes } from '../otlp/cut-batches.ts';
import type { Outlet } from '../otlp/open-outlet.ts';
import { nameCluster } from '../traces/open-resources.ts';
import type { Attributes, Resource } from '../traces/span.ts';
import { openDelivery, type SendCounts } from './deliver.ts';

export interface MetricSenderOptions {
  readonly readTotals: () => readonly Total[];
  readonly readClusters: () => Promise<readonly ClusterInfo[]>;
  /** Who counts, whatever the clusters. */
  readonly self: Attributes;
  /** @param resourceOf who counts, at the time of sending */
  readonly openOutlet: (resourceOf: () => Resource) => Promise<Outlet<Total>>;
  readonly interval: MicrosLength;
  readonly clock: Clock;
  /** Between 0 and 1, for the jitter of waits. */
  readonly random: () => number;
  /** Is told what a person should know. */
  readonly note: (text: string) => void;
}

export interface MetricSender {
  readonly counts: ReadonlyMap<'metrics', SendCounts>;
  /** Sends all that is counted, over and over, and once more when the signal aborts, unless the receiver took nothing the last time. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Sends what is counted at every interval. It grows and is sent whole, so what did not arrive is made up for by what comes after. */
export async function openMetricSender(options: MetricSenderOptions): Promise<MetricSender> {
  const { readTotals, readClusters, self, interval, clock } = options;
  let resource: Resource = { attributes: self };
  const outlet = await options.openOutlet(() => resource);
  const delivery = openDelivery(outlet, (total: Total) => total, 'metrics', options);

  async function send(): Promise<void> {
    resource = { attributes: { ...self, ...nameOnly(await readClusters()) } };
    await delivery.deliver(cutBatches(readTotals(), sizeOfTotal), () => {});
  }

  return {
    counts: new Map([['metrics', delivery.counts]]),
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, interval, signal);
        if (!signal.aborted && !delivery.isResting()) await send();
      }
      if (!delivery.counts.failing) await send();
    },
    close: () => outlet.close(),
  };
}

/** All clusters are counted together: one is named when there is no other. */
function nameOnly(clusters: readonly ClusterInfo[]): Attributes {
  const [only, another] = clusters;
  if (only === undefined || another !== undefined) return {};
  return nameCluster(only.uid, new Map([[only.uid, only.name]]));
}

/** About how many bytes it takes, sent as Protobuf. */
function sizeOfTotal({ labels, counts }: Total): number {
  return 40 + sizeOfAttributes(labels) + 16 * counts.length;
}
