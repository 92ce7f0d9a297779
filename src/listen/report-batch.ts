import type { WatchSignal } from '../kube/watch-item.ts';
import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import type { Report } from './feed.ts';

/** Tells what a batch, now stored, held besides Events. */
export function reportSignals(feed: string, signals: readonly WatchSignal[], report: Report): void {
  for (const item of signals) {
    if (item.type === 'notice') {
      report({ type: 'notice', feed, level: item.level, code: item.code, text: item.text });
    } else if (item.type === 'synced') {
      report({ type: 'synced', feed, namespace: item.namespace });
    } else if (item.type === 'resumed') {
      report({ type: 'resumed', feed, namespace: item.namespace, from: item.from });
    } else if (item.type === 'gap') {
      const { namespace, reason, from, at } = item;
      report({ type: 'gap', feed, namespace, reason, from, at });
    }
  }
}

/**
 * How far behind the API server a batch was stored: the time since the newest Event in it was created there, less the second that its timestamp is
 * cut to. Repeats do not tell, as nothing in them says when the API server was told. The clocks of both machines are taken for one.
 *
 * @param created when that Event was; undefined, and so the lag, when no Event of the batch was created while we watched
 */
export function measureLag(created: Micros | undefined, now: Micros): MicrosLength | undefined {
  return created === undefined ? undefined : Math.max(0, now - created - SECOND);
}
