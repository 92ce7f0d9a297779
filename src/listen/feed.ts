import type { ClusterInfo } from '../events/query.ts';
import type { GapReason, WatchCursor, WatchItem } from '../kube/watch-item.ts';
import type { ObjectGroup } from '../kube/watch-objects.ts';
import type { Micros, MicrosLength } from '../lib/time.ts';
import type { RetentionResult, WriteResult } from '../store/store.ts';

/** Lists and watches objects until the signal aborts, mending on its own what can be mended. */
export type ObjectFeed = (signal: AbortSignal) => AsyncIterable<ObjectGroup>;

/** One cluster to listen to, as the listener sees it. */
export interface Feed {
  /** The context's name. */
  readonly name: string;
  /**
   * Asks the cluster who it is.
   *
   * @throws HarkError when it cannot be asked
   */
  identify(signal: AbortSignal): Promise<ClusterInfo>;
  /**
   * Lists and watches until the signal aborts, mending on its own what can be mended.
   *
   * @param cursors where the last run stood, per namespace ('' = the whole cluster)
   * @throws HarkError when it cannot go on
   */
  watch(cursors: ReadonlyMap<string, WatchCursor>, signal: AbortSignal): AsyncIterable<readonly WatchItem[]>;
  /** Undefined when nothing is to be told of objects. */
  readonly watchObjects?: ObjectFeed;
}

/** What a listener tells of its work, as it happens; `feed` is the context's name. */
export type ListenReport =
  | { readonly type: 'connected'; readonly feed: string; readonly cluster: ClusterInfo }
  /** A list has ended: everything the API server holds is in the store. */
  | { readonly type: 'synced'; readonly feed: string; readonly namespace: string }
  /** The watch went on where the last run had stopped: nothing was missed. */
  | { readonly type: 'resumed'; readonly feed: string; readonly namespace: string; readonly from: Micros }
  | {
      readonly type: 'gap';
      readonly feed: string;
      readonly namespace: string;
      readonly reason: GapReason;
      readonly from: Micros;
      readonly at: Micros;
    }
  | {
      readonly type: 'written';
      readonly feed: string;
      readonly heard: number;
      readonly result: WriteResult;
      readonly lag: MicrosLength | undefined;
    }
  /** Objects of which something new was stored, and changes of them. */
  | { readonly type: 'objects'; readonly feed: string; readonly objects: number; readonly changes: number }
  | {
      readonly type: 'notice';
      readonly feed: string;
      readonly level: 'info' | 'warn';
      readonly code: string;
      readonly text: string;
    }
  /** The feed failed and is tried again; told when the failure changes. */
  | { readonly type: 'waiting'; readonly feed: string; readonly error: Error }
  /** The feed failed for good; the others go on. */
  | { readonly type: 'failed'; readonly feed: string; readonly error: Error }
  /** The store cannot be written; what was heard is held, and the clusters wait, until it can. Told when the failure changes. */
  | { readonly type: 'store-failing'; readonly error: Error }
  | { readonly type: 'store-mended' }
  /** The feed has ended and the store did not take what it had heard last: a gap from `since` on. */
  | { readonly type: 'unstored'; readonly feed: string; readonly heard: number; readonly since: Micros }
  /** Retention could not be applied; it is tried again with the next turn. */
  | { readonly type: 'retention-failed'; readonly error: Error }
  | ({ readonly type: 'retained' } & RetentionResult);

export type Report = (report: ListenReport) => void;
