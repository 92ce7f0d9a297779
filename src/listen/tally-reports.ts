import type { MicrosLength } from '../lib/time.ts';
import type { ListenReport } from './feed.ts';

/** What has come of listening so far. */
export interface Tally {
  /** Where each feed stands, in the order in which they were first heard of. */
  readonly feeds: ReadonlyMap<string, FeedState>;
  /** Lines and list items heard. */
  readonly heard: number;
  readonly added: number;
  readonly repeated: number;
  /** Objects of which something new was stored. */
  readonly objects: number;
  readonly changes: number;
  /** Holes in the coverage since the start. */
  readonly gaps: number;
  /** How far behind the API server the last batch was stored; undefined when that is not known. */
  readonly lag: MicrosLength | undefined;
  readonly storeFailing: boolean;
}

export type FeedState = 'connecting' | 'catching up' | 'listening' | 'waiting' | 'failed';

export function startTally(feeds: readonly string[]): Tally {
  const states = new Map(feeds.map((feed) => [feed, 'connecting' as const]));
  const none = { heard: 0, added: 0, repeated: 0, objects: 0, changes: 0, gaps: 0 };
  return { feeds: states, ...none, lag: undefined, storeFailing: false };
}

/** The tally after one more report. */
export function tallyReport(tally: Tally, report: ListenReport): Tally {
  switch (report.type) {
    case 'connected':
      return withState(tally, report.feed, 'catching up');
    case 'synced':
    case 'resumed':
      return withState(tally, report.feed, 'listening');
    case 'gap':
      return {
        ...withState(tally, report.feed, 'catching up'),
        gaps: tally.gaps + (report.reason === 'started' ? 0 : 1),
      };
    case 'written':
      return {
        ...tally,
        heard: tally.heard + report.heard,
        added: tally.added + report.result.added,
        repeated: tally.repeated + report.result.repeated,
        lag: report.lag ?? tally.lag,
      };
    case 'objects':
      return {
        ...tally,
        objects: tally.objects + report.objects,
        changes: tally.changes + report.changes,
      };
    case 'waiting':
      return withState(tally, report.feed, 'waiting');
    case 'failed':
      return withState(tally, report.feed, 'failed');
    case 'unstored':
      return { ...withState(tally, report.feed, 'failed'), gaps: tally.gaps + 1 };
    case 'store-failing':
      return { ...tally, storeFailing: true };
    case 'store-mended':
      return { ...tally, storeFailing: false };
    case 'notice':
      return tallyNotice(tally, report);
    case 'retained':
    case 'retention-failed':
      return tally;
  }
}

/** Notices of a watch that goes on all the same; all other warnings are told when it does not, until `connected-again`. */
const HARMLESS = new Set(['broken-event', 'namespaces-only', 'namespace-closed', 'objects']);

function tallyNotice(tally: Tally, { feed, level, code }: Extract<ListenReport, { type: 'notice' }>): Tally {
  if (code === 'connected-again') return withState(tally, feed, 'listening');
  return level === 'warn' && !HARMLESS.has(code) ? withState(tally, feed, 'waiting') : tally;
}

function withState(tally: Tally, feed: string, state: FeedState): Tally {
  return { ...tally, feeds: new Map(tally.feeds).set(feed, state) };
}
