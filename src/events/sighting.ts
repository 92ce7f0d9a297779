import type { Micros } from '../lib/time.ts';
import type { Event, OccurrencePoint } from './event.ts';

/** One sighting of an Event to be recorded. */
export interface Sighting {
  readonly event: Event;
  /** `deleted`: the API server said so; the Event stays, its deletion is noted. */
  readonly deleted: boolean;
  /** When we heard of it (or, of an import, when its deletion was heard of). */
  readonly at: Micros;
  /** What else is known of its repeats, from an export or another record; its own state's point is always taken in. */
  readonly points?: readonly OccurrencePoint[];
}
