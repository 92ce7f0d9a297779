import type { TestContext } from 'node:test';
import type { Cluster } from '../../src/kube/cluster.ts';
import { type WatchOptions, watchEvents } from '../../src/kube/watch-events.ts';
import type { WatchItem } from '../../src/kube/watch-item.ts';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { connectTo } from './connect-to.ts';
import { type ApiServer, type ApiServerWishes, startApiServer } from './start-api-server.ts';

/** What a watch has yielded so far, as it runs. */
export interface Heard {
  readonly items: readonly WatchItem[];
  /** Resolves when so many items of a type have come; rejects when the watch ends before. */
  until(type: WatchItem['type'] | ((item: WatchItem) => boolean), count?: number): Promise<WatchItem>;
  /** Everything but Events and `alive`, in short: `gap started`, `synced 123`, `notice warn forbidden`. */
  story(): string[];
  /** Resolves when the watch has ended, rejects when it failed. */
  readonly ended: Promise<void>;
}

/** Reads a watch in the background. */
export function hear(watch: AsyncIterable<WatchItem>): Heard {
  const items: WatchItem[] = [];
  const bell = new EventTarget();
  let over: { readonly error?: unknown } | undefined;
  const ended = read().finally(() => bell.dispatchEvent(new Event('change')));
  ended.catch(() => undefined);

  async function read(): Promise<void> {
    try {
      for await (const item of watch) {
        items.push(item);
        bell.dispatchEvent(new Event('change'));
      }
      over = {};
    } catch (error) {
      over = { error };
      throw error;
    }
  }

  async function until(
    type: WatchItem['type'] | ((item: WatchItem) => boolean),
    count = 1,
  ): Promise<WatchItem> {
    const matches = typeof type === 'function' ? type : (item: WatchItem) => item.type === type;
    for (;;) {
      const found = items.filter(matches)[count - 1];
      if (found !== undefined) return found;
      if (over !== undefined) throw over.error ?? new Error(`the watch ended before ${count} × ${type}`);
      await new Promise((resolve) => bell.addEventListener('change', resolve, { once: true }));
    }
  }

  return { items, until, story: () => items.flatMap(tell), ended };
}

function tell(item: WatchItem): string[] {
  if (item.type === 'gap') return [`gap ${item.reason}${item.namespace && ` in ${item.namespace}`}`];
  if (item.type === 'synced' || item.type === 'resumed')
    return [`${item.type} ${item.resourceVersion}${item.namespace && ` in ${item.namespace}`}`];
  return item.type === 'notice' ? [`notice ${item.level} ${item.code}`] : [];
}

export interface WatchedDouble {
  readonly server: ApiServer;
  readonly clock: FakeClock;
  readonly cluster: Cluster;
  /** Starts watching; ends with the test. */
  watch(options?: Partial<WatchOptions>): Heard;
}

/** A double, a clock that stands still, and a cluster to watch, all gone when the test is over. */
export async function startWatchedDouble(
  t: TestContext,
  wishes: ApiServerWishes = {},
  user?: object,
): Promise<WatchedDouble> {
  const server = await startApiServer(wishes);
  const clock = createFakeClock();
  const cluster = await connectTo(server, { clock, ...(user === undefined ? {} : { user }) });
  const stop = new AbortController();
  const heard: Heard[] = [];
  t.after(async () => {
    stop.abort();
    await Promise.allSettled(heard.map(({ ended }) => ended));
    cluster.close();
    await server.stop();
  });
  return {
    server,
    clock,
    cluster,
    watch(options = {}) {
      const one = hear(watchEvents(cluster, { signal: stop.signal, clock, random: () => 0.5, ...options }));
      heard.push(one);
      return one;
    },
  };
}
