import type { Clock } from '../lib/clock.ts';
import type { Feed, Report } from './feed.ts';
import type { ListenStore } from './listen-store.ts';
import { listenToFeed } from './listen-to-feed.ts';
import { type RetentionLimits, retainRegularly } from './retain-regularly.ts';
import { writePatiently } from './write-patiently.ts';

export interface ListenOptions {
  /** The clusters, at least one; each is listened to independently of the others. */
  readonly feeds: readonly Feed[];
  readonly store: ListenStore;
  readonly retention: RetentionLimits;
  readonly clock: Clock;
  /** Between 0 and 1, for the jitter of waits. */
  readonly random: () => number;
  /** Ends the listening: what was heard until then is stored first. */
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * Listens to clusters and stores every Event and every repeat, until the signal aborts or no cluster is left. The store stays open.
 *
 * Order and loss: per cluster Events are stored in the order heard; what may have been missed is a gap in the store's coverage. When the store cannot
 * be written, nothing more is read until it can. Memory: at most four batches of some 4,000 Events per cluster.
 *
 * @throws HarkError of the store when it takes nothing more, or had not taken everything when the signal aborted
 * @throws Error of the first feed that failed, when all of them have
 */
export async function listen(options: ListenOptions): Promise<void> {
  const { feeds, store, clock, random, report } = options;
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const writer = writePatiently({ clock, random, signal, report });
  const owners = new Map<string, string>();
  const failures: unknown[] = [];

  function claim(uid: string, feed: Feed): boolean {
    const owner = owners.get(uid) ?? feed.name;
    if (owner === feed.name) owners.set(uid, owner);
    return owner === feed.name;
  }

  async function listenTo(feed: Feed): Promise<void> {
    try {
      await listenToFeed(feed, {
        store,
        writer,
        clock,
        random,
        signal,
        report,
        claim: (uid) => claim(uid, feed),
      });
    } catch (error) {
      failures.push(error);
      const isStoreFailure = writer.failure() !== undefined;
      if (isStoreFailure) ended.abort();
      // Who ends it knows that it ends: what was not stored has been told.
      if (isStoreFailure && options.signal.aborted) return;
      report({
        type: 'failed',
        feed: feed.name,
        error: error instanceof Error ? error : new Error(String(error)),
      });
    }
  }

  async function retain(): Promise<void> {
    try {
      await retainRegularly(store, options.retention, { clock, signal, report });
    } catch (error) {
      ended.abort();
      throw error;
    }
  }

  const [retained] = await Promise.allSettled([
    retain(),
    Promise.all(feeds.map(listenTo)).finally(() => ended.abort()),
  ]);
  if (retained.status === 'rejected') throw retained.reason;
  const failure = writer.failure() ?? (failures.length === feeds.length ? failures[0] : undefined);
  if (failure !== undefined) throw failure;
}
