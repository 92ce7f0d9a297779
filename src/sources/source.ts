import type { RecordedEvent } from '../events/event.ts';
import type { ClusterInfo, EventQuery, EventReader } from '../events/query.ts';
import type { ObjectReader } from '../objects/object-query.ts';

/** Where a reading command's Events come from, opened. */
export interface Source {
  /** `file`: `--from`; `live`: a cluster, with whatever the store has of it; `store`: the store alone. */
  readonly kind: 'file' | 'live' | 'store';
  /** What a person calls it: the path as typed, or the context's name. */
  readonly name: string;
  /** To be closed by who opened the source. */
  readonly reader: EventReader;
  /** What is known of objects beside their Events; knows of none unless `objects` was asked for when it was opened. */
  readonly objects: ObjectReader;
  /** The part of the query that where it is read decides: `-n`, `-A`, the context's namespace; which cluster's record. To be spread into the query. */
  readonly scope: Pick<EventQuery, 'namespaces' | 'clusters'>;
  /** The cluster asked; undefined for a file, or a store that may hold several. */
  readonly cluster: ClusterInfo | undefined;
  /** Clusters that the store holds and that were not asked: what was imported may be there. */
  readonly elsewhere: readonly ClusterInfo[];
  /** What a person should know before reading on, for stderr, a sentence each: the cluster is unreachable and this is the record; files were skipped. */
  readonly notes: readonly string[];
  /**
   * All matching Events in time order, then, without a hole in between, those that change, as they do, until the signal aborts.
   *
   * @throws HarkError `not-followable` at once, when it is a file
   */
  follow(query: EventQuery, signal: AbortSignal): AsyncIterable<FollowedPage>;
}

export type FollowedPage =
  /** `live`: these changed just now; else they are what there was at the beginning. */
  | { readonly type: 'events'; readonly live: boolean; readonly records: readonly RecordedEvent[] }
  /** For stderr: the watch was interrupted and what may have been missed. */
  | { readonly type: 'notice'; readonly text: string };
