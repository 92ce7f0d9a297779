import type { EventQuery } from '../events/query.ts';
import type { Store } from '../store/store.ts';
import type { FollowedPage } from './source.ts';

/** What the store holds, in time order, then what is written to it. */
export async function* followStore(
  store: Store,
  query: EventQuery,
  signal: AbortSignal,
): AsyncGenerator<FollowedPage> {
  const changes = store.follow(query, signal);
  for await (const records of store.readEvents(query, signal))
    if (records.length > 0) yield { type: 'events', live: false, records };
  for await (const records of changes) yield { type: 'events', live: true, records };
}
