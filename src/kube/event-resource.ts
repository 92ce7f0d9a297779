import type { Event } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import { MINUTE } from '../lib/time.ts';
import { type EventScope, eventsPath } from './event-scope.ts';
import { parseWithoutManagedFields } from './parse-without-managed-fields.ts';
import type { EventItem } from './watch-item.ts';
import type { WatchedResource } from './watched-resource.ts';

/**
 * Short, for nothing but its end in order proves that a silent watch missed nothing: of Events no server sends bookmarks, and etcd may forget
 * within seconds what came before.
 */
const WATCH_FOR = MINUTE;

/** A scope's Events as something to list and watch. */
export function createEventResource(scope: EventScope): WatchedResource<Event, EventItem> {
  return {
    what: 'Events',
    one: 'an Event',
    namespace: scope.namespace,
    path: eventsPath(scope),
    watchFor: WATCH_FOR,
    parseText: parseWithoutManagedFields,
    parse: (object) => parseEvent(object, scope.api),
    versionOf: (event) => event.resourceVersion,
    tell: (type, event, at) => ({ type, event, at }),
  };
}
