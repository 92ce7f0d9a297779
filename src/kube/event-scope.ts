import type { EventForm } from '../events/event.ts';

/** Which Events are listed or watched: of one namespace, or of the whole cluster (empty), by one of the two API groups that serve them. */
export interface EventScope {
  readonly api: EventForm;
  readonly namespace: string;
}

/** The path of a scope's Events. */
export function eventsPath({ api, namespace }: EventScope): string {
  const root = api === 'v1' ? '/api/v1' : `/apis/${api}`;
  return namespace === '' ? `${root}/events` : `${root}/namespaces/${encodeURIComponent(namespace)}/events`;
}
