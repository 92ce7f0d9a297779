import { type Clock, sleep } from '../lib/clock.ts';
import { MINUTE, type Micros, SECOND } from '../lib/time.ts';
import { type Change, identifyChange } from '../objects/change.ts';
import { type KubernetesObject, nameKey } from '../objects/object.ts';
import type { Store } from '../store/store.ts';
import { stableId } from '../stories/tell/stable-id.ts';

export interface ObjectFollower {
  /** Hands on what is known of objects that is new or different since the last call, and what changed of them. */
  read(signal: AbortSignal): Promise<void>;
  /** Lets everything be handed on anew. */
  forget(): void;
  /** Reads again and again when there is more, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** The store is asked so often whether there is more. */
const EVERY = SECOND;
/** Changes are heard of so late at most: what happened earlier and is heard of later is read with the next whole reading. */
const LATE = 5 * MINUTE;
/** What is read whole each time is read at most so much of the time: a twentieth. */
const SHARE = 20;

export function createObjectFollower(
  store: Pick<Store, 'readObjects' | 'readChanges' | 'readSize'>,
  clock: Clock,
  take: { readonly object: (object: KubernetesObject) => void; readonly change: (change: Change) => void },
): ObjectFollower {
  /** How each was handed on, as a digest: by what it is. */
  const known = new Map<string, string>();
  /** The same of changes, with when they were made: those that are not read again are not remembered. */
  const changed = new Map<string, { readonly digest: string; readonly at: Micros }>();
  let latest: Micros | undefined;
  let totals = '';

  function isNews(object: KubernetesObject): boolean {
    const [key, digest] = [`${nameKey(object)}/${object.uid}`, stableId(JSON.stringify(object))];
    if (known.get(key) === digest) return false;
    known.set(key, digest);
    return true;
  }

  function isNewChange(change: Change): boolean {
    const [key, digest] = [identifyChange(change), stableId(JSON.stringify(change))];
    if (changed.get(key)?.digest === digest) return false;
    changed.set(key, { digest, at: change.at });
    return true;
  }

  async function read(signal: AbortSignal): Promise<void> {
    const { objects, changes } = await store.readSize();
    const counted = `${objects} ${changes}`;
    if (counted === totals) return;
    for await (const page of store.readObjects({}, signal)) {
      for (const object of page) if (isNews(object)) take.object(object);
      await letOthersBeAnswered();
    }
    const since = latest === undefined ? {} : { since: latest - LATE };
    for await (const page of store.readChanges(since, signal)) {
      for (const change of page) {
        latest = Math.max(latest ?? change.at, change.at);
        if (isNewChange(change)) take.change(change);
      }
      await letOthersBeAnswered();
    }
    for (const [key, { at }] of changed) if (at < (latest ?? at) - LATE) changed.delete(key);
    totals = counted;
  }

  return {
    read,
    forget() {
      known.clear();
      changed.clear();
      latest = undefined;
      totals = '';
    },
    async run(signal) {
      while (!signal.aborted) {
        const begun = clock.now();
        await read(signal);
        await sleep(clock, Math.max(EVERY, (clock.now() - begun) * SHARE), signal);
      }
    },
  };
}

function letOthersBeAnswered(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
