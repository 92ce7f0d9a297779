import type { ClusterInfo } from '../events/query.ts';
import type { Clock } from '../lib/clock.ts';
import type { FeedState } from '../listen/tally-reports.ts';
import type { Store } from '../store/store.ts';
import type { Hub } from './hub.ts';
import type { LiveBoard } from './live/live-board.ts';
import type { Model } from './model.ts';

/** What a server answers from. */
export interface Served {
  readonly store: Store;
  readonly hub: Hub;
  readonly model: Model;
  readonly clock: Clock;
  readonly version: string;
  /** How it goes with listening to a cluster; `no`: this server does not. */
  listeningTo(cluster: ClusterInfo): FeedState | 'no';
  /** Calls back when that changes for any. Returns how to leave. */
  onListening(callback: () => void): () => void;
  readonly live: LiveBoard;
}
