import type { Clock } from '../lib/clock.ts';
import type { Micros } from '../lib/time.ts';
import type { Cluster } from './cluster.ts';
import type { Troubles } from './troubles.ts';
import type { WatchSignal } from './watch-item.ts';

/** What the watches of one cluster share. */
export interface WatchSession {
  readonly cluster: Cluster;
  /** UID of the cluster's kube-system namespace; undefined when it may not be read. */
  readonly uid: string | undefined;
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly troubles: Troubles;
  /** Whether to ask for existing Events by `sendInitialEvents`: false once the server was seen not to serve it. */
  initialEvents: boolean;
  /** Lines and items that could not be read. */
  broken: number;
}

/**
 * Counts a line or item that could not be read; told for the first, the tenth, the hundredth…
 *
 * @param one what it should have been: `an Event`
 */
export function countBroken(session: WatchSession, one: string, why: string, at: Micros): WatchSignal[] {
  session.broken += 1;
  if (!/^10*$/.test(String(session.broken))) return [];
  const many = session.broken === 1 ? '' : ` (${session.broken} by now)`;
  const text = `cluster "${session.cluster.name}" sent ${one} that cannot be read: ${why}; skipped${many}`;
  return [{ type: 'notice', level: 'warn', code: 'broken-event', text, at }];
}
