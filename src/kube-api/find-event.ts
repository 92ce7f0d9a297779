import { lastHappenedAt } from '../events/event-time.ts';
import type { NumberedEvent } from '../events/numbered-event.ts';
import type { EventQuery } from '../events/query.ts';
import type { EventLog, KubeApi } from './kube-api.ts';

/** The Event of a name: of several (an emitter that gives names away twice), the one that happened last. */
export async function findEvent(
  { log, cluster }: Pick<KubeApi, 'cluster'> & { readonly log: Pick<EventLog, 'readNumbered'> },
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<NumberedEvent | undefined> {
  const query = { clusters: [cluster], namespaces: [namespace] };
  // Emitters name an Event after its object: that is found quickly.
  const named = /^(.+)\.[^.]+$/.exec(name)?.[1];
  const quick = named === undefined ? undefined : await find({ ...query, for: [{ kind: '', name: named }] });
  return quick ?? (await find(query));

  async function find(asked: EventQuery): Promise<NumberedEvent | undefined> {
    let found: NumberedEvent | undefined;
    for await (const page of log.readNumbered(asked, signal))
      for (const item of page) {
        const { event } = item.record;
        if (event.name !== name) continue;
        if (found === undefined || lastHappenedAt(event) >= lastHappenedAt(found.record.event)) found = item;
      }
    return found;
  }
}
