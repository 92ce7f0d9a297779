import { compareRecordedEvents } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import { matchQuery } from '../events/matches-query.ts';
import { makeRecord, mergeRecords } from '../events/merge-records.ts';
import type { ClusterInfo, EventQuery, EventReader } from '../events/query.ts';
import type { WatchItem } from '../kube/watch-item.ts';
import { formatTime } from '../lib/rfc3339.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { keepLastingConditions, overlayRecord } from './overlay-record.ts';
import type { FollowedPage } from './source.ts';

export interface FollowLiveOptions {
  readonly info: ClusterInfo;
  /** The record of the same cluster; undefined when there is none. */
  readonly record: EventReader | undefined;
  readonly query: EventQuery;
  readonly signal: AbortSignal;
}

/** What is live, by identity: Events leave it when the API server deletes them, so it grows no larger than what that holds. */
type Live = Map<string, RecordedEvent>;

/**
 * What there is, in time order, then each Event that changes, as the watch tells of it. After an interruption the new list is compared with
 * what is known: nothing is told twice.
 *
 * @param items what a list and watch of the query's namespaces yields
 */
export async function* followLive(
  items: AsyncIterable<WatchItem>,
  options: FollowLiveOptions,
): AsyncGenerator<FollowedPage> {
  const { info, query, signal } = options;
  const live: Live = new Map();
  const matches = matchQuery({ ...query, clusters: [info.uid] });
  const listing = trackListing(query.namespaces);
  let begun = false;
  let relisted: RecordedEvent[] = [];

  for await (const item of items) {
    listing.take(item);
    const notice = tellOf(item, begun);
    if (notice !== undefined) yield { type: 'notice', text: notice };
    const changed = takeItem(live, item, info.uid);
    if (!begun && listing.isDone()) {
      begun = true;
      yield* tellBeginning(live, options, signal);
    } else if (begun && item.type === 'synced') {
      relisted.sort(compareRecordedEvents);
      if (relisted.length > 0) yield { type: 'events', live: true, records: relisted };
      relisted = [];
    } else if (begun && changed !== undefined && matches(changed)) {
      if (item.type === 'listed') relisted.push(changed);
      else yield { type: 'events', live: true, records: [changed] };
    }
  }
}

async function* tellBeginning(
  live: Live,
  { info, record, query }: FollowLiveOptions,
  signal: AbortSignal,
): AsyncGenerator<FollowedPage> {
  const asked = { ...query, clusters: [info.uid] };
  const lasting = [...live.values()].filter(matchQuery(keepLastingConditions(asked)));
  for await (const records of overlayRecord(lasting, record, asked, signal))
    if (records.length > 0) yield { type: 'events', live: false, records };
}

/** Takes an item in; returns the Event in its new state when that says anything new. */
function takeItem(live: Live, item: WatchItem, cluster: string): RecordedEvent | undefined {
  if (!('event' in item)) return undefined;
  const id = identify(item.event);
  if (item.type === 'deleted') {
    live.delete(id);
    return undefined;
  }
  const known = live.get(id);
  const seen = makeRecord(cluster, item.event);
  const merged = known === undefined ? seen : mergeRecords(known, seen);
  live.set(id, merged);
  const isNew = known === undefined || merged.points.length > known.points.length;
  return isNew ? merged : undefined;
}

/** Knows when the first lists of all namespaces that are watched have ended. */
function trackListing(namespaces: readonly string[] | undefined) {
  const awaited = new Set(namespaces ?? []);
  let ended = 0;
  return {
    take(item: WatchItem): void {
      if (item.type === 'gap') awaited.add(item.namespace);
      if (item.type !== 'synced' && item.type !== 'resumed') return;
      awaited.delete(item.namespace);
      ended += 1;
    },
    isDone: () => ended > 0 && awaited.size === 0,
  };
}

function tellOf(item: WatchItem, begun: boolean): string | undefined {
  if (item.type === 'notice') return makeSafe(item.text);
  if (item.type !== 'gap' || !begun || item.reason === 'started') return undefined;
  const where = item.namespace === '' ? '' : ` in namespace ${item.namespace}`;
  return `Interrupted${where} since ${formatTime(item.from)}: only repeats and Events deleted meanwhile may be missing.`;
}
