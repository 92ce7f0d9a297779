import type { ClusterInfo } from '../src/events/query.ts';
import type { WatchCursor, WatchItem } from '../src/kube/watch-item.ts';
import type { Feed } from '../src/listen/feed.ts';

export interface ScriptedFeed extends Feed {
  /** Lets the watch yield these items next. */
  give(...items: WatchItem[]): void;
  /** Lets the watch, or the next question who the cluster is, fail. */
  fail(error: Error): void;
  /** The cursors that each watch so far was started with. */
  readonly starts: ReadonlyMap<string, WatchCursor>[];
  /** How many items given were not taken yet. */
  waiting(): number;
}

/** A cluster's watch that says what a test tells it to. */
export function createScriptedFeed(cluster: ClusterInfo): ScriptedFeed {
  const script: (WatchItem | Error)[] = [];
  const starts: ReadonlyMap<string, WatchCursor>[] = [];
  let wake = () => {};

  function tell(step: WatchItem | Error): void {
    script.push(step);
    wake();
  }

  async function* watch(signal: AbortSignal): AsyncGenerator<WatchItem[]> {
    while (!signal.aborted) {
      const step = script.shift();
      if (step instanceof Error) throw step;
      if (step !== undefined) yield [step];
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  }

  return {
    name: cluster.name,
    starts,
    async identify() {
      const [step] = script;
      if (!(step instanceof Error)) return cluster;
      script.shift();
      throw step;
    },
    watch(cursors, signal) {
      starts.push(new Map(cursors));
      return watch(signal);
    },
    give: (...items) => items.forEach(tell),
    fail: tell,
    waiting: () => script.length,
  };
}
