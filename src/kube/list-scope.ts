import type { Event } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { EventScope } from './event-scope.ts';
import { eventsPath } from './event-scope.ts';
import { listPages } from './list-pages.ts';
import { noKubernetes, requestJson } from './read-answer.ts';
import type { WatchCursor, WatchItem } from './watch-item.ts';
import { countBroken, type WatchSession } from './watch-session.ts';

/**
 * Lists a scope's Events as `listed` items.
 *
 * @param limit items in a page, 0 for all in one
 * @returns where to watch from
 * @throws ApiFailure
 */
export async function* listScope(
  session: WatchSession,
  scope: EventScope,
  limit: number,
): AsyncGenerator<WatchItem[], WatchCursor> {
  const { cluster, clock, signal } = session;
  const pages = listPages(cluster, { scope, limit, signal, clock });
  for (;;) {
    const step = await pages.next();
    if (!step.done) {
      yield readItems(session, scope, step.value);
      continue;
    }
    const { resourceVersion, at, skipped } = step.value;
    for (let count = 0; count < skipped; count++) yield countBroken(session, 'it is too large', clock.now());
    return { resourceVersion, at };
  }
}

/** The newest write that the server knows of, to be compared with a cursor. */
export async function listNewest(session: WatchSession, scope: EventScope): Promise<string> {
  const { cluster, clock, signal } = session;
  const request = { path: eventsPath(scope), query: { limit: '1' }, signal };
  const list = await requestJson(cluster, request, 'list Events', clock);
  const resourceVersion = (list as { metadata?: { resourceVersion?: unknown } }).metadata?.resourceVersion;
  if (typeof resourceVersion !== 'string') throw noKubernetes(cluster, 'list Events');
  return resourceVersion;
}

function readItems(session: WatchSession, scope: EventScope, items: readonly Uint8Array[]): WatchItem[] {
  const at = session.clock.now();
  return items.flatMap((bytes): WatchItem[] => {
    const event = readItem(bytes, scope);
    return event instanceof Error ? countBroken(session, event.message, at) : [{ type: 'listed', event, at }];
  });
}

function readItem(bytes: Uint8Array, scope: EventScope): Event | Error {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    return parseEvent(JSON.parse(text), scope.api);
  } catch (error) {
    return error as Error;
  }
}
