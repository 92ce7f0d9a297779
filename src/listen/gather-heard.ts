import type { WatchItem, WatchSignal } from '../kube/watch-item.ts';
import type { Micros } from '../lib/time.ts';
import type { OpenBatch } from './batch-items.ts';
import type { GatheredSightings } from './listen-store.ts';

/** What a watch told, to be stored together. */
export interface HeardBatch {
  readonly sightings: GatheredSightings;
  /** How many Events. */
  readonly heard: number;
  /** What was told beside them, in order. */
  readonly signals: readonly WatchSignal[];
  /** When the first of all was heard. */
  readonly since: Micros;
  /** When the newest Event that the watch told of as new was created; undefined when there is none. */
  readonly created: Micros | undefined;
  /** Whether it ends with the cluster having been found rebuilt: what came later is left out. */
  readonly rebuilt: boolean;
}

/** Gathers what a watch yields: Events go where the store takes them in ahead, and are not held. */
export function gatherHeard(sightings: GatheredSightings): OpenBatch<readonly WatchItem[], HeardBatch> {
  const signals: WatchSignal[] = [];
  let heard = 0;
  let since: Micros | undefined;
  let created: Micros | undefined;
  let rebuilt = false;

  function takeItem(item: WatchItem): void {
    since ??= item.at;
    if (!('event' in item)) {
      signals.push(item);
      rebuilt = item.type === 'gap' && item.reason === 'rebuilt';
      return;
    }
    const { type, event, at } = item;
    sightings.add({ event, deleted: type === 'deleted', at });
    heard += 1;
    if (type === 'added') created = event.creationTimestamp;
  }

  return {
    take(items) {
      for (const item of items) if (!rebuilt) takeItem(item);
    },
    size: () => heard + signals.length,
    end: () => ({ sightings, heard, signals, since: since ?? 0, created, rebuilt }),
  };
}
