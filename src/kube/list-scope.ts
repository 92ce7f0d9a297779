import { listPages } from './list-pages.ts';
import { noKubernetes, requestJson } from './read-answer.ts';
import type { WatchCursor, WatchItem } from './watch-item.ts';
import { countBroken, type WatchSession } from './watch-session.ts';
import type { WatchedPlace, WatchedResource } from './watched-resource.ts';

/**
 * Lists all of a resource as `listed` items.
 *
 * @param limit items in a page, 0 for all in one
 * @returns where to watch from
 * @throws ApiFailure
 */
export async function* listScope<T, I>(
  session: WatchSession,
  resource: WatchedResource<T, I>,
  limit: number,
): AsyncGenerator<WatchItem<I>[], WatchCursor> {
  const { cluster, clock, signal } = session;
  const pages = listPages(cluster, { place: resource, limit, signal, clock });
  for (;;) {
    const step = await pages.next();
    if (!step.done) {
      yield readItems(session, resource, step.value);
      continue;
    }
    const { resourceVersion, at, skipped } = step.value;
    for (let count = 0; count < skipped; count++)
      yield countBroken(session, resource.one, 'it is too large', clock.now());
    return { resourceVersion, at };
  }
}

/** The newest write that the server knows of, to be compared with a cursor. */
export async function listNewest(session: WatchSession, place: WatchedPlace): Promise<string> {
  const { cluster, clock, signal } = session;
  const action = `list ${place.what}`;
  const request = {
    path: place.path,
    query: { limit: '1' },
    accept: place.listAs ?? 'application/json',
    signal,
  };
  const list = await requestJson(cluster, request, action, clock);
  const resourceVersion = (list as { metadata?: { resourceVersion?: unknown } }).metadata?.resourceVersion;
  if (typeof resourceVersion !== 'string') throw noKubernetes(cluster, action);
  return resourceVersion;
}

function readItems<T, I>(
  session: WatchSession,
  resource: WatchedResource<T, I>,
  items: readonly Uint8Array[],
): WatchItem<I>[] {
  const at = session.clock.now();
  return items.flatMap((bytes): WatchItem<I>[] => {
    const read = readItem(bytes, resource);
    if ('why' in read) return countBroken(session, resource.one, read.why, at);
    return [resource.tell('listed', read.object, at)];
  });
}

function readItem<T, I>(
  bytes: Uint8Array,
  resource: WatchedResource<T, I>,
): { readonly object: T } | { readonly why: string } {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const { parseText } = resource;
    return { object: resource.parse(parseText === undefined ? JSON.parse(text) : parseText(text, 1)) };
  } catch (error) {
    return { why: (error as Error).message };
  }
}
