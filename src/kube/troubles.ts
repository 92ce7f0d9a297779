import type { HarkError } from '../lib/errors.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import type { WatchSignal } from './watch-item.ts';

type Notice = Extract<WatchSignal, { type: 'notice' }>;

/** What has gone wrong with a cluster, so that it is told when it changes and not each time. */
export interface Troubles {
  /** A scope's last try failed; returns what to tell, if that is news. */
  failed(scope: string, error: HarkError, at: Micros): Notice | undefined;
  /** A scope works; returns what to tell, if all trouble is over with that. */
  mended(scope: string, at: Micros): Notice | undefined;
}

/** @param cluster what the cluster is called */
export function trackTroubles(cluster: string): Troubles {
  const codes = new Map<string, string>();
  let since: Micros | undefined;

  function failed(scope: string, error: HarkError, at: Micros): Notice | undefined {
    const known = [...codes.values()].includes(error.code);
    codes.set(scope, error.code);
    since ??= at;
    if (known) return undefined;
    const text = `${error.message}; trying again until it works`;
    return { type: 'notice', level: 'warn', code: error.code, text, at };
  }

  function mended(scope: string, at: Micros): Notice | undefined {
    if (!codes.delete(scope) || codes.size > 0 || since === undefined) return undefined;
    const seconds = Math.round((at - since) / SECOND);
    since = undefined;
    return {
      type: 'notice',
      level: 'info',
      code: 'connected-again',
      text: `cluster "${cluster}" answers again, after ${seconds} s`,
      at,
    };
  }

  return { failed, mended };
}
