import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE, type MicrosLength } from '../lib/time.ts';
import type { Report } from './feed.ts';
import type { ListenStore } from './listen-store.ts';

export interface RetentionLimits {
  /** Events older than this go. */
  readonly age?: MicrosLength;
  /** The oldest go until the store is no bigger than this. */
  readonly bytes?: number;
}

export interface RetentionOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

const INTERVAL: MicrosLength = 10 * MINUTE;

/** Applies the limits at once and every ten minutes, until the signal aborts. A store that cannot be written is left for the next time. */
export async function retainRegularly(
  store: ListenStore,
  limits: RetentionLimits,
  options: RetentionOptions,
): Promise<void> {
  const { clock, signal, report } = options;
  const { age, bytes } = limits;
  if (age === undefined && bytes === undefined) return;
  while (!signal.aborted) {
    try {
      const before = age === undefined ? {} : { before: clock.now() - age };
      const gone = await store.retain({ ...before, ...(bytes === undefined ? {} : { bytes }) }, signal);
      if (gone.events + gone.objects + gone.changes > 0) report({ type: 'retained', ...gone });
    } catch (error) {
      if (!(error instanceof HarkError)) throw error;
      report({ type: 'retention-failed', error });
    }
    await sleep(clock, INTERVAL, signal);
  }
}
