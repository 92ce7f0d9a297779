import type { CoverageStretch } from '../events/query.ts';
import type { WatchCursor, WatchItem } from '../kube/watch-item.ts';
import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import type { CoverageStep } from '../store/store.ts';

/**
 * A line that arrives says nothing of the changes made just before it did: the API server sends them a moment later, a busy one seconds later. So what
 * a watch proves is claimed only up to this long before.
 */
const UNDER_WAY: MicrosLength = 5 * SECOND;

/** Recorded after a gap: the cursor before it is good for nothing any more. */
const NO_CURSOR = '';

export interface CoverageTracker {
  /** Notes what an item says of coverage. */
  take(item: WatchItem): void;
  /** What is to be recorded since the last call, one step per change: call it when all items so far go into one batch. */
  drain(): CoverageStep[];
  /** Closes every open stretch at the last moment known to be covered. */
  close(): void;
}

/**
 * Turns the items of one cluster's watch into steps of its coverage. A stretch opens at `synced`, or at a `resumed` from where the last run stood,
 * is extended by `alive`, and ends at a `gap`: nothing is claimed that the watch did not prove.
 */
export function trackCoverage(): CoverageTracker {
  /** The end of the open stretch of each namespace ('' = the whole cluster). */
  const open = new Map<string, CoverageStep>();
  let steps: CoverageStep[] = [];

  function extend(step: CoverageStep): void {
    open.set(step.namespace, step);
    const last = steps.findLastIndex((earlier) => earlier.namespace === step.namespace);
    const before = steps[last];
    if (before === undefined || before.close === true || step.from !== undefined) steps.push(step);
    else steps[last] = before.from === undefined ? step : { ...step, from: before.from };
  }

  function close(namespace: string, to: Micros, resourceVersion: string): void {
    if (!open.has(namespace)) return;
    extend({ namespace, to, resourceVersion, close: true });
    open.delete(namespace);
  }

  function take(item: WatchItem): void {
    if (item.type === 'gap') {
      const { to = item.from } = open.get(item.namespace) ?? {};
      close(item.namespace, Math.max(to, item.from - UNDER_WAY), NO_CURSOR);
    } else if (item.type === 'synced' || item.type === 'resumed' || item.type === 'alive') {
      claim(item);
    }
  }

  function claim(item: Extract<WatchItem, { type: 'synced' | 'resumed' | 'alive' }>): void {
    const { namespace, at, resourceVersion } = item;
    const known = open.get(namespace);
    if (known !== undefined) {
      extend({ namespace, to: Math.max(known.to, at - UNDER_WAY), resourceVersion });
    } else {
      const from = item.type === 'resumed' ? item.from : at;
      extend({ namespace, from, to: Math.max(from, at - UNDER_WAY), resourceVersion });
    }
  }

  function drain(): CoverageStep[] {
    const drained = steps;
    steps = [];
    return drained;
  }

  return {
    take,
    drain,
    close() {
      for (const { namespace, to, resourceVersion = NO_CURSOR } of [...open.values()])
        close(namespace, to, resourceVersion);
    },
  };
}

/** Where the last run stood, per namespace ('' = the whole cluster): what a watch may resume from. */
export function readCursors(stretches: readonly CoverageStretch[]): Map<string, WatchCursor> {
  const cursors = new Map<string, WatchCursor>();
  for (const { namespace, to, resourceVersion = NO_CURSOR } of stretches) {
    const known = cursors.get(namespace);
    if (known === undefined || known.at < to) cursors.set(namespace, { resourceVersion, at: to });
  }
  for (const [namespace, cursor] of cursors)
    if (cursor.resourceVersion === NO_CURSOR) cursors.delete(namespace);
  return cursors;
}
