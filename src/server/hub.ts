import { type ChangeBatch, createChangeReader } from '../follow/change-reader.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { MILLISECOND } from '../lib/time.ts';
import type { Store } from '../store/store.ts';

/** What the hub tells: a stretch of history, or `reset`: it went by unseen, and everything is to be read anew. */
export type HubNews =
  | (ChangeBatch & { readonly type: 'changes' })
  | { readonly type: 'reset'; readonly upto: number };

/** The one reader that follows the record, for all who want to hear of it. */
export interface Hub {
  /** Up to where everything was told. */
  place(): number;
  /** Calls back, in order and at once, for everything after `place()` as it is now. Returns how to leave. */
  subscribe(listener: (news: HubNews) => void): () => void;
  /** Tells everything that is in the store by now. */
  catchUp(): Promise<void>;
  /** Follows until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const EVERY = 100 * MILLISECOND;

export async function openHub(store: Store, clock: Clock): Promise<Hub> {
  const listeners = new Set<(news: HubNews) => void>();
  let reader = createChangeReader(store, await store.readPlace());
  let turn: Promise<void> = Promise.resolve();

  function tell(news: HubNews): void {
    for (const listener of [...listeners]) listener(news);
  }

  async function pump(): Promise<void> {
    for (;;) {
      const batch = await reader.next();
      if (batch === undefined) return;
      if (batch !== 'gone') tell({ type: 'changes', ...batch });
      else {
        reader = createChangeReader(store, await store.readPlace());
        tell({ type: 'reset', upto: reader.place() });
      }
    }
  }

  function catchUp(): Promise<void> {
    const next = turn.then(pump);
    turn = next.catch(() => {});
    return next;
  }

  return {
    place: () => reader.place(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    catchUp,
    async run(signal) {
      while (!signal.aborted) {
        await catchUp();
        await sleep(clock, EVERY, signal);
      }
    },
  };
}
