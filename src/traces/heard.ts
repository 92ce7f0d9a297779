import type { Event, RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import { type Change, identifyChange } from '../objects/change.ts';

/** The Events and changes that steps were made from, by what their `sources` name. */
export interface Heard {
  addEvent(record: RecordedEvent): void;
  addChange(change: Change): void;
  findEvent(source: string): RecordedEvent | undefined;
  findChange(source: string): Change | undefined;
}

/** Keeps what is heard; of an Event its latest state. */
export function openHeard(): Heard {
  const events = new Map<string, RecordedEvent>();
  const changes = new Map<string, Change>();
  return {
    addEvent: (record) => void events.set(`${record.cluster}/${identify(record.event)}`, record),
    addChange: (change) => void changes.set(identifyChange(change), change),
    findEvent: (source) => events.get(source),
    findChange: (source) => changes.get(source),
  };
}

/** Who says that it sent an Event, as one name. */
export function instanceOf({ source, reportingInstance }: Event): string {
  return source.host || reportingInstance;
}
