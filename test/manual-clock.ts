import type { Clock } from '../src/lib/clock.ts';
import type { Micros, MicrosLength } from '../src/lib/time.ts';

export interface ManualClock extends Clock {
  /** Lets time pass: calls back, in order, what falls due within `length`, and lets each one's promises settle. */
  pass(length: MicrosLength): Promise<void>;
  /** How many callbacks are waited for. */
  pending(): number;
}

/** A clock that stands still until it is told to go on. */
export function createManualClock(start: Micros = 1_800_000_000_000_000): ManualClock {
  let now = start;
  let waiting: { readonly at: Micros; readonly callback: () => void }[] = [];

  async function settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  return {
    now: () => now,
    after(length, callback) {
      const timer = { at: now + Math.max(0, length), callback };
      waiting = [...waiting, timer].sort((a, b) => a.at - b.at);
      return () => {
        waiting = waiting.filter((one) => one !== timer);
      };
    },
    async pass(length) {
      const end = now + length;
      await settle();
      for (let next = waiting[0]; next !== undefined && next.at <= end; next = waiting[0]) {
        waiting = waiting.slice(1);
        now = next.at;
        next.callback();
        await settle();
      }
      now = end;
    },
    pending: () => waiting.length,
  };
}
