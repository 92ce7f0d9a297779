import type { Event, EventForm } from './event.ts';
import { type JsonObject, printEvent } from './print-event.ts';

/**
 * A `v1` List of the Events, as `kubectl get events -o json` prints one and `kubectl get -f` takes it.
 *
 * @param form the form of all items; each in the form it was read in when absent
 */
export function printEventList(events: readonly Event[], form?: EventForm): JsonObject {
  return {
    apiVersion: 'v1',
    items: events.map((event) => printEvent(event, form ?? event.form)),
    kind: 'List',
    metadata: { resourceVersion: '' },
  };
}
