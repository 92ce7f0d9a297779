import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { lastHappenedAt } from '../../events/event-time.ts';
import { identify } from '../../events/identity.ts';
import type { NumberedEvent } from '../../events/numbered-event.ts';
import { type JsonObject, printEvent } from '../../events/print-event.ts';
import type { EventQuery } from '../../events/query.ts';
import { compareResourceVersions } from '../../events/resource-version.ts';
import { printEventCells } from '../../kube-api/event-columns.ts';
import type { EventLog } from '../../kube-api/kube-api.ts';
import type { KubeObject } from '../../kube-api/print-object.ts';
import type { Resource } from '../../kube-api/resources.ts';
import { MINUTE, type Micros } from '../../lib/time.ts';
import { mergePages } from '../../sources/merge-pages.ts';
import type { History } from '../open-history.ts';
import type { LiveList } from './live-list.ts';

/** Longer than a list takes: what was recorded of a time since may be of after it. */
const LIST_TAKES = 10 * MINUTE;

/**
 * What the record and a live list hold together, in time order: each Event once, in its live state where it has one; nothing that the cluster has
 * told after the list, for a watch that goes on from there tells it.
 *
 * @param now when the list was read
 */
export function joinLive(
  { store, cluster }: Pick<History, 'store' | 'cluster'>,
  live: LiveList,
  now: Micros,
): Pick<EventLog, 'readNumbered'> {
  const isLater = ({ event }: RecordedEvent) =>
    lastHappenedAt(event) >= now - LIST_TAKES &&
    compareResourceVersions(event.resourceVersion, live.resourceVersion) > 0;
  return {
    async *readNumbered(query: EventQuery, signal?: AbortSignal) {
      const { since } = query;
      const records = live.records.filter(
        ({ event }) => since === undefined || lastHappenedAt(event) >= since,
      );
      const recorded = store.readEvents({ ...query, clusters: [cluster] }, signal);
      const pages = mergePages([onePage(records), without(recorded)], compareRecordedEvents);
      for await (const page of pages) yield page.map((record): NumberedEvent => ({ record, number: 0 }));
    },
  };

  async function* without(pages: AsyncIterable<readonly RecordedEvent[]>) {
    for await (const page of pages)
      yield page.filter((record) => !live.bodies.has(identify(record.event)) && !isLater(record));
  }
}

/** An Event as it is answered: as the server wrote it where it did, else as it was recorded, with the server's own `resourceVersion`. */
export function printJoined(
  { record }: NumberedEvent,
  live: LiveList | undefined,
  { form }: Resource,
): KubeObject {
  const { event } = record;
  const body =
    live?.bodies.get(identify(event)) ?? (printEvent(event, form) as JsonObject & { metadata: JsonObject });
  return { body, cells: (now) => printEventCells(record, now) };
}

async function* onePage<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}
