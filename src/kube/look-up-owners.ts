import type { Micros } from '../lib/time.ts';
import { at, type RawObject } from '../objects/raw-object.ts';
import type { OwnerFinder } from './find-owners.ts';
import type { ObjectItem } from './object-resource.ts';
import type { WatchItem } from './watch-item.ts';
import type { WatchSession } from './watch-session.ts';

/** The code of notices about what is told of objects: none of them means that the watch of Events is in trouble. */
export const OBJECTS_NOTICE = 'objects';

/** Looks owners up beside a watch. */
export interface OwnerLookUp {
  /** Has the owners of these objects looked up, those that are wanted. */
  add(objects: readonly RawObject[]): void;
  /** Resolves when nothing is under way. */
  ended(): Promise<void>;
}

/**
 * Looks owners up one round after the other: the watch does not wait for them.
 *
 * @param put takes what is found
 */
export function createOwnerLookUp(
  session: WatchSession,
  owners: OwnerFinder,
  put: (items: readonly WatchItem<ObjectItem>[]) => Promise<void>,
): OwnerLookUp {
  /** One for each set of owners: a ReplicaSet's Pods ask for the same. */
  const waiting = new Map<string, RawObject>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.size > 0 && !session.signal.aborted) {
      const objects = [...waiting.values()];
      waiting.clear();
      const found = await owners.find(objects, session.signal);
      const items = [
        ...found.map(({ object, gone, at }) => ({ type: gone ? 'deleted' : 'added', object, at }) as const),
        ...describeRefused(owners.takeRefused(), session.clock.now()),
      ];
      if (items.length > 0) await put(items);
    }
    running = undefined;
  }

  return {
    add(objects) {
      for (const object of objects) {
        if (!owners.isWanted([object])) continue;
        const namespace = at(object, 'metadata', 'namespace');
        const ownerReferences = at(object, 'metadata', 'ownerReferences');
        waiting.set(JSON.stringify([namespace, ownerReferences]), {
          metadata: { namespace, ownerReferences },
        });
      }
      if (waiting.size > 0) running ??= run();
    },
    ended: async () => await running,
  };
}

function describeRefused(names: readonly string[], now: Micros): WatchItem<ObjectItem>[] {
  if (names.length === 0) return [];
  const text = `not allowed to read ${names.join(', ')}: what these own is told without them; deploy/rbac.yaml says how to allow it`;
  return [{ type: 'notice', level: 'warn', code: OBJECTS_NOTICE, text, at: now }];
}
