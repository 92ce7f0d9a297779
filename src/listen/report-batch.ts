import type { WatchItem } from '../kube/watch-item.ts';
import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import type { Report } from './feed.ts';

/** Tells what a batch, now stored, held besides Events. */
export function reportBatch(feed: string, batch: readonly WatchItem[], report: Report): void {
  for (const item of batch) {
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
 * @returns undefined when no Event of the batch was created while we watched
 */
export function measureLag(batch: readonly WatchItem[], now: Micros): MicrosLength | undefined {
  const created = batch.findLast((item) => item.type === 'added');
  if (created === undefined || !('event' in created)) return undefined;
  const { creationTimestamp } = created.event;
  return creationTimestamp === undefined ? undefined : Math.max(0, now - creationTimestamp - SECOND);
}
