import type { Event } from '../events/event.ts';
import type { Micros } from '../lib/time.ts';

/**
 * What list and watch yield, in order. `event` items of a list come as `listed`; `synced` ends a list and says that from here on nothing
 * is missed until a `gap`; a `gap` says that Events since `from` may have been missed and a new list follows.
 */
export type WatchItem =
  | { readonly type: 'listed' | 'added' | 'modified' | 'deleted'; readonly event: Event; readonly at: Micros }
  | { readonly type: 'synced'; readonly resourceVersion: string; readonly at: Micros; readonly namespace: string }
  | { readonly type: 'alive'; readonly resourceVersion: string; readonly at: Micros; readonly namespace: string }
  | { readonly type: 'gap'; readonly reason: GapReason; readonly from: Micros; readonly at: Micros; readonly namespace: string }
  | { readonly type: 'notice'; readonly level: 'info' | 'warn'; readonly code: string; readonly text: string; readonly at: Micros };

export type GapReason = 'started' | 'expired' | 'rebuilt' | 'unreachable';
