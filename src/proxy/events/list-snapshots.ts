import type { ListWalk } from '../../kube-api/list-walks.ts';
import type { LiveList } from './live-list.ts';

/** A list that a client reads part by part. */
export interface Snapshot {
  readonly live: LiveList;
  readonly walk: ListWalk;
  /** Of whom, and what was asked: nobody else is given a part of it. */
  readonly key: string;
}

/** Lists under way; those not gone on with for longest are forgotten. */
export interface ListSnapshots {
  keep(snapshot: Snapshot): void;
  find(id: string, key: string): Snapshot | undefined;
  /** Of a list that was read to its end. */
  forget(id: string): void;
}

const MOST_LISTS = 16;
const MOST_EVENTS = 200_000;

export function createListSnapshots(most = { lists: MOST_LISTS, events: MOST_EVENTS }): ListSnapshots {
  const kept = new Map<string, Snapshot>();
  const sizeOf = () => [...kept.values()].reduce((sum, { live }) => sum + live.bodies.size, 0);
  return {
    keep(snapshot) {
      kept.delete(snapshot.walk.id);
      kept.set(snapshot.walk.id, snapshot);
      for (const id of kept.keys()) {
        if (kept.size === 1 || (kept.size <= most.lists && sizeOf() <= most.events)) break;
        kept.delete(id);
      }
    },
    find(id, key) {
      const found = kept.get(id);
      return found?.key === key ? found : undefined;
    },
    forget: (id) => void kept.delete(id),
  };
}
