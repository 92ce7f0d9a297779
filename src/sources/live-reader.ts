import type { RecordedEvent } from '../events/event.ts';
import { createMemoryReader } from '../events/memory-reader.ts';
import type { ClusterInfo, EventQuery, EventReader, Gap } from '../events/query.ts';
import type { Cluster } from '../kube/cluster.ts';
import { listEvents } from '../kube/list-events.ts';
import type { Clock } from '../lib/clock.ts';
import { findAllGaps } from '../store/coverage.ts';
import type { Store } from '../store/store.ts';
import { keepLastingConditions, overlayRecord } from './overlay-record.ts';

export interface LiveReaderOptions {
  readonly cluster: Cluster;
  readonly info: ClusterInfo;
  /** The record of the same cluster, and perhaps of others; undefined when there is none. */
  readonly record: Store | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
}

/**
 * Reads a live cluster, joined with its record: each question lists anew. `close` closes both.
 *
 * `readEvents` throws ApiFailure.
 */
export function createLiveReader(options: LiveReaderOptions): EventReader {
  const { cluster, info, record, clock, onNotice } = options;

  async function* readEvents(
    asked: EventQuery,
    signal = options.signal,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const query = { ...asked, clusters: [info.uid] };
    const memory = createMemoryReader(info);
    const { namespaces } = query;
    for await (const events of listEvents(cluster, { namespaces, query, clock, signal, onNote: onNotice }))
      for (const event of events) memory.add({ event, deleted: false, at: 0 });
    if (record === undefined) return yield* memory.readEvents(query, signal);
    const live: RecordedEvent[] = [];
    for await (const page of memory.readEvents(keepLastingConditions(query), signal)) live.push(...page);
    yield* overlayRecord(live, record, query, signal);
  }

  return {
    readEvents,
    readGaps: async (query) =>
      record === undefined ? [] : await readLiveGaps(record, info.uid, query, clock.now()),
    readClusters: async () => [info],
    async close() {
      cluster.close();
      await record?.close();
    },
  };
}

/** The holes in the record up to now; those are none that the list of now has caught up on. */
async function readLiveGaps(
  record: Store,
  uid: string,
  query: EventQuery,
  now: number,
): Promise<readonly Gap[]> {
  const stretches = await record.readCoverage(uid);
  if (stretches.length === 0) return [];
  const list = { cluster: uid, namespace: '', from: now, to: now, open: false };
  const asked = { ...query, clusters: [uid], until: query.until ?? now };
  return findAllGaps([...stretches, list], asked).filter(({ caughtUpAt }) => caughtUpAt !== now);
}
