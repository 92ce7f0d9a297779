import type { Micros } from '../lib/time.ts';
import { compareEvents } from './compare-events.ts';
import type { Event, RecordedEvent } from './event.ts';
import { createEventEntries, type EventEntry } from './event-entries.ts';
import { happenedAt, lastHappenedAt } from './event-time.ts';
import { createEventInterner } from './intern-event.ts';
import { matchQuery } from './matches-query.ts';
import { makeRecord, mergeRecords, type SeenEvent } from './merge-records.ts';
import type { ClusterInfo, EventQuery, EventReader } from './query.ts';

const PAGE_EVENTS = 1_000;

/** A reader of Events in memory: of a file, of a live cluster. */
export interface MemoryReader extends EventReader {
  /** Takes in one more sighting; in any order, and the same one any number of times. */
  add(seen: SeenEvent): void;
  /** Takes in all that another record knows of an Event of this cluster. */
  addRecord(record: RecordedEvent): void;
  /** How many Events it holds. */
  readonly size: number;
}

/**
 * Makes a reader of one cluster's Events in memory, which holds about 700 bytes for each.
 *
 * @param seen what it begins with: sightings, or Events of a list
 */
export function createMemoryReader(
  cluster: ClusterInfo,
  seen: Iterable<SeenEvent | Event> = [],
): MemoryReader {
  const entries = createEventEntries();
  const intern = createEventInterner();

  function addRecord(record: RecordedEvent): void {
    const known = entries.get(record.event);
    if (known === undefined) {
      entries.set(keep(intern(record.event), record), true);
      return;
    }
    const merged = mergeRecords(openEntry(known, cluster.uid), record);
    const isSame = merged.event === known.event;
    const isSamePoints = merged.points.length === (known.points?.length ?? 1);
    if (isSame && isSamePoints && merged.deletedAt === known.deletedAt) return;
    entries.set(keep(isSame ? known.event : intern(merged.event), merged), false);
  }

  function add({ event, deleted, at }: SeenEvent): void {
    const deletedAt = deleted ? at : undefined;
    if (entries.get(event) !== undefined) addRecord(makeRecord(cluster.uid, event, deletedAt));
    else entries.set({ event: intern(event), deletedAt, points: undefined }, true);
  }

  for (const one of seen) add('event' in one ? one : { event: one, deleted: false, at: 0 });

  return {
    add,
    addRecord,
    get size() {
      return entries.size();
    },
    async *readEvents(query, signal) {
      const found = findEntries(entries.all(), cluster.uid, query);
      for (let from = 0; from < found.length; from += PAGE_EVENTS) {
        signal?.throwIfAborted();
        yield found.slice(from, from + PAGE_EVENTS).map((entry) => openEntry(entry, cluster.uid));
      }
    },
    readGaps: async () => [],
    readClusters: async () => [cluster],
    close: async () => {},
  };
}

function keep(event: Event, { deletedAt, points }: RecordedEvent): EventEntry {
  return { event, deletedAt, points: points.length > 1 ? points : undefined };
}

function openEntry({ event, deletedAt, points }: EventEntry, cluster: string): RecordedEvent {
  return makeRecord(cluster, event, deletedAt, points);
}

/** The matching entries in time order, the newest of them when the query has a limit. */
function findEntries(entries: Iterable<EventEntry>, cluster: string, query: EventQuery): EventEntry[] {
  const matches = matchQuery(query);
  const found: { entry: EventEntry; last: Micros; first: Micros }[] = [];
  for (const entry of entries) {
    const { event, points = [] } = entry;
    if (!matches({ cluster, event, points })) continue;
    found.push({ entry, last: lastHappenedAt(event), first: happenedAt(event) });
  }
  found.sort((a, b) => a.last - b.last || a.first - b.first || compareEvents(a.entry.event, b.entry.event));
  const { limit } = query;
  return (limit === undefined ? found : found.slice(Math.max(0, found.length - limit))).map(
    ({ entry }) => entry,
  );
}
