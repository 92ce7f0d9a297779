import type { Micros } from '../lib/time.ts';
import type { Event, OccurrencePoint } from './event.ts';
import { identify } from './identity.ts';

/** What is kept of an Event. Most are seen once; their points need no room. */
export interface EventEntry {
  readonly event: Event;
  readonly deletedAt: Micros | undefined;
  readonly points: readonly OccurrencePoint[] | undefined;
}

/** Entries by `identify`, without a string for each: by name, which nearly always is unique; by identity where it is not. */
export function createEventEntries() {
  const byName = new Map<string, EventEntry | Map<string, EventEntry>>();
  let size = 0;
  return {
    size: () => size,
    get(event: Event): EventEntry | undefined {
      const named = byName.get(event.name);
      if (named instanceof Map) return named.get(identify(event));
      return named !== undefined && identify(named.event) === identify(event) ? named : undefined;
    },
    /** @param isNew whether `get` gave nothing for it */
    set(entry: EventEntry, isNew: boolean): void {
      const { name } = entry.event;
      const named = byName.get(name);
      if (isNew) size += 1;
      if (named === undefined || (!isNew && !(named instanceof Map))) {
        byName.set(name, entry);
        return;
      }
      const alike = named instanceof Map ? named : new Map([[identify(named.event), named]]);
      byName.set(name, alike.set(identify(entry.event), entry));
    },
    *all(): Generator<EventEntry, void, undefined> {
      for (const named of byName.values()) {
        if (named instanceof Map) yield* named.values();
        else yield named;
      }
    },
  };
}
