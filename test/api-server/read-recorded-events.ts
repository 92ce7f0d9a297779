import { readRecordedWatch } from '../read-recording.ts';
import type { WireEvent } from './event-storage.ts';

/** Every Event of a recorded scenario in its last state, deleted ones included, each once: `v1.36/b-bad-image`. */
export function readRecordedEvents(scenario: string): WireEvent[] {
  const latest = new Map<string, WireEvent>();
  for (const event of readRecordedUpdates(scenario)) {
    latest.set(`${event.metadata.namespace}/${event.metadata.name}`, event);
  }
  return [...latest.values()];
}

/** Every state of every Event of a recorded scenario, in the order in which the watch told them. */
export function readRecordedUpdates(scenario: string): WireEvent[] {
  return readRecordedWatch(`${scenario}/events-core-v1.jsonl`)
    .filter((line) => line.type === 'ADDED' || line.type === 'MODIFIED')
    .map((line) => line.object as WireEvent);
}
