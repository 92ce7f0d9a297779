import type { Micros } from '../lib/time.ts';
import { compareEvents } from './compare-events.ts';
import type { Event, OccurrencePoint, RecordedEvent } from './event.ts';
import { happenedAt, lastHappenedAt } from './event-time.ts';
import { identify } from './identity.ts';
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

/** What is kept of an Event. Most are seen once; their points need no room. */
interface Entry {
  readonly event: Event;
  readonly deletedAt: Micros | undefined;
  readonly points: readonly OccurrencePoint[] | undefined;
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
  const entries = createEntries();
  const intern = createEventInterner();

  function addRecord(record: RecordedEvent): void {
    const known = entries.get(record.event);
    if (known === undefined) {
      entries.set(undefined, keep(intern(record.event), record));
      return;
    }
    const merged = mergeRecords(openEntry(known, cluster.uid), record);
    const isSame = merged.event === known.event;
    if (
      isSame &&
      merged.deletedAt === known.deletedAt &&
      merged.points.length === (known.points?.length ?? 1)
    )
      return;
    entries.set(known, keep(isSame ? known.event : intern(merged.event), merged));
  }

  function add({ event, deleted, at }: SeenEvent): void {
    const deletedAt = deleted ? at : undefined;
    if (entries.get(event) !== undefined) addRecord(makeRecord(cluster.uid, event, deletedAt));
    else entries.set(undefined, { event: intern(event), deletedAt, points: undefined });
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

/** Entries by `identify`, without a string for each: by name, which nearly always is unique. */
function createEntries() {
  const byName = new Map<string, Entry | Entry[]>();
  let size = 0;
  const alike = (name: string): Entry[] => {
    const known = byName.get(name);
    return known === undefined ? [] : Array.isArray(known) ? known : [known];
  };
  return {
    size: () => size,
    get(event: Event): Entry | undefined {
      if (!byName.has(event.name)) return undefined;
      const id = identify(event);
      return alike(event.name).find((entry) => identify(entry.event) === id);
    },
    /** Puts the new entry in the place of the old one, if there is one. */
    set(old: Entry | undefined, entry: Entry): void {
      const { name } = entry.event;
      const others = alike(name).filter((other) => other !== old);
      byName.set(name, others.length === 0 ? entry : [...others, entry]);
      if (old === undefined) size += 1;
    },
    *all(): Generator<Entry, void, undefined> {
      for (const known of byName.values()) {
        if (Array.isArray(known)) yield* known;
        else yield known;
      }
    },
  };
}

function keep(event: Event, { deletedAt, points }: RecordedEvent): Entry {
  return { event, deletedAt, points: points.length > 1 ? points : undefined };
}

function openEntry({ event, deletedAt, points }: Entry, cluster: string): RecordedEvent {
  return makeRecord(cluster, event, deletedAt, points);
}

/** The matching entries in time order, the newest of them when the query has a limit. */
function findEntries(entries: Iterable<Entry>, cluster: string, query: EventQuery): Entry[] {
  const matches = matchQuery(query);
  const found: { entry: Entry; last: Micros; first: Micros }[] = [];
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
