import type { ClusterInfo } from '../events/query.ts';
import type { ListenReport } from '../listen/feed.ts';
import { type FeedState, startTally, type Tally, tallyReport } from '../listen/tally-reports.ts';

/** What was counted of one signal since the start. */
export interface Sent {
  readonly sent: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly retries: number;
  readonly waiting: number;
  readonly failing: boolean;
}

/** What is known of the listening that goes on beside the serving. */
export interface ListeningBoard {
  take(report: ListenReport): void;
  stateOf(cluster: ClusterInfo): FeedState | 'no';
  tally(): Tally;
  /** Takes what is counted of what is sent over OTLP, by signal, beside what it took before. */
  sends(counts: ReadonlyMap<string, Sent>): void;
  sent(): ReadonlyMap<string, Sent>;
  /** Reports of each kind so far; of notices by their code. */
  counts(): ReadonlyMap<string, number>;
  onChange(callback: () => void): () => void;
}

/** @param feeds the contexts that are listened to; empty when the server only serves */
export function createListeningBoard(feeds: readonly string[]): ListeningBoard {
  const callbacks = new Set<() => void>();
  const counts = new Map<string, number>();
  /** The context under which each cluster is listened to. */
  const feedOf = new Map<string, string>();
  let tally = startTally(feeds);
  let sent: ReadonlyMap<string, Sent> = new Map();

  return {
    take(report) {
      const before = tally.feeds;
      tally = tallyReport(tally, report);
      if (report.type === 'connected') feedOf.set(report.cluster.uid, report.feed);
      const kind = report.type === 'notice' ? `notice ${report.code}` : report.type;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      const isNews = [...tally.feeds].some(([feed, state]) => before.get(feed) !== state);
      if (isNews || report.type === 'connected') for (const callback of [...callbacks]) callback();
    },
    stateOf({ uid, name }) {
      const feed = feedOf.get(uid) ?? name;
      const state = tally.feeds.get(feed) ?? 'no';
      const isAnother = !feedOf.has(uid) && [...feedOf.values()].includes(feed);
      return isAnother ? 'no' : state;
    },
    tally: () => tally,
    sends(counts) {
      sent = new Map([...sent, ...counts]);
    },
    sent: () => sent,
    counts: () => counts,
    onChange(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
}
