import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { Event, RecordedEvent } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { makeRecord, mergeRecords } from '../../events/merge-records.ts';
import { mergePoints, pointOf } from '../../events/occurrences.ts';
import type { ClusterInfo, EventQuery, EventReader } from '../../events/query.ts';
import type { Sighting } from '../../events/sighting.ts';
import { MINUTE } from '../../lib/time.ts';
import type { Store } from '../store.ts';

/** An empty store to be tried, and what is around it. */
export interface StoreUnderTest {
  /** Opens the record to write; after it was closed, the same record again. */
  open(): Promise<Store>;
  /** Opens the same record to read, beside the writer, as another process would. */
  openReader(): Promise<Store>;
  /** Does at once what the store does in the background when it has time. */
  settle(store: Store): Promise<void>;
  /** Removes all of it. */
  remove(): Promise<void>;
}

export const CLUSTER: ClusterInfo = { uid: 'c-1', name: 'conformance', version: 'v1.36.2' };
export const OTHER: ClusterInfo = { uid: 'c-2', name: 'other', version: 'v1.20.2' };

export type Create = () => Promise<StoreUnderTest>;

/** Runs `work` on a fresh store. */
export async function withStore(
  create: Create,
  work: (store: Store, under: StoreUnderTest) => Promise<void>,
): Promise<void> {
  const under = await create();
  const store = await under.open();
  try {
    await work(store, under);
  } finally {
    await store.close();
    await under.remove();
  }
}

/** What a store must give for these sightings of one cluster, in order. */
export function expectRecords(
  sightings: readonly Sighting[],
  cluster: ClusterInfo = CLUSTER,
): RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  for (const { event, deleted, at, points = [] } of sightings) {
    const key = identify(event);
    const seen = makeRecord(
      cluster.uid,
      event,
      deleted ? at : undefined,
      mergePoints([pointOf(event)], points),
    );
    const known = records.get(key);
    records.set(key, known === undefined ? seen : mergeRecords(known, seen));
  }
  return [...records.values()].sort(compareRecordedEvents);
}

export async function readAll(reader: EventReader, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of reader.readEvents(query)) records.push(...page);
  return records;
}

export async function writeAll(store: Store, sightings: readonly Sighting[], size = 64): Promise<void> {
  for (let at = 0; at < sightings.length; at += size)
    await store.write({ cluster: CLUSTER, sightings: sightings.slice(at, at + size) });
}

/** The same Event, some repeats later. */
export function repeat(event: Event, times: number): Event {
  const lastTimestamp = (event.lastTimestamp ?? event.eventTime ?? 0) + times * MINUTE;
  const resourceVersion = String(Number(event.resourceVersion) + times);
  return { ...event, count: event.count + times, lastTimestamp, resourceVersion };
}

/** A copy of an Event, under a name of its own. */
export function renamed(event: Event, copy: number): Event {
  return copy === 0 ? event : { ...event, name: `${copy}-${event.name}` };
}
