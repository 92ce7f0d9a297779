import type { RecordedEvent } from '../../events/event.ts';
import type { Hub, HubNews } from '../hub.ts';
import { type Scope, seesNamespace } from './scope.ts';

export interface ScopeHub extends Hub {
  /** Hears no more of the record. */
  leave(): void;
}

/** What the hub tells those who see a part of the record: what they do not see is as if it had not changed. */
export function scopeHub(hub: Hub, scope: Scope): ScopeHub {
  const listeners = new Set<(news: HubNews) => void>();
  const sees = ({ cluster, event }: RecordedEvent) => seesNamespace(scope, cluster, event.namespace);
  const leave = hub.subscribe((news) => {
    // Made once for all: what they are sent is kept by it.
    const told: HubNews =
      news.type === 'reset'
        ? news
        : {
            ...news,
            records: news.records.map((record) =>
              record !== undefined && sees(record) ? record : undefined,
            ),
          };
    for (const listener of [...listeners]) listener(told);
  });
  return {
    leave,
    place: hub.place,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    catchUp: hub.catchUp,
    run: () => Promise.reject(new Error('the hub of the whole record runs')),
  };
}
