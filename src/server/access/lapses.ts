import type { ServerResponse } from 'node:http';
import type { Micros } from '../../lib/time.ts';

/** Answers under way, that go on only as long as who asked may see what they tell. */
export interface Lapses {
  /** Holds an answer to what was found: asks again when that is no more believed, and ends it when it is different then. */
  hold(response: ServerResponse, held: Held): void;
  /** Asks about those that are due; all of them with `anew`. */
  check(now: Micros, anew: boolean): Promise<void>;
  /** How many were ended. */
  ended(): number;
}

export interface Held {
  readonly until: Micros;
  /** Until when it may go on from now; undefined: it may not. */
  readonly ask: () => Promise<Micros | undefined>;
  readonly end: () => void;
}

export function createLapses(): Lapses {
  const all = new Map<ServerResponse, Held>();
  let ended = 0;

  async function ask(response: ServerResponse, held: Held): Promise<void> {
    const until = await held.ask().catch(() => undefined);
    if (!all.has(response)) return;
    if (until !== undefined) {
      all.set(response, { ...held, until });
      return;
    }
    all.delete(response);
    ended += 1;
    held.end();
  }

  return {
    hold(response, held) {
      if (response.closed) return;
      all.set(response, held);
      response.once('close', () => all.delete(response));
    },
    async check(now, anew) {
      const due = [...all].filter(([, { until }]) => anew || until <= now);
      await Promise.all(due.map(([response, held]) => ask(response, held)));
    },
    ended: () => ended,
  };
}
