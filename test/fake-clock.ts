import { once } from 'node:events';
import type { Clock } from '../src/lib/clock.ts';
import type { Micros, MicrosLength } from '../src/lib/time.ts';

/** A clock on which time passes only when a test says so. */
export interface FakeClock extends Clock {
  /** Lets time pass, firing what falls due, each at its time. */
  advance(length: MicrosLength): void;
  /** How far off the timers are that are set now, nearest first. */
  timers(): MicrosLength[];
  /** Waits until `count` timers are set for exactly that long. */
  untilSet(length: MicrosLength, count?: number): Promise<void>;
  /** Waits until `count` timers are set for exactly that long, then lets so much time pass. */
  pass(length: MicrosLength, count?: number): Promise<void>;
}

interface Timer {
  readonly due: Micros;
  readonly length: MicrosLength;
  readonly callback: () => void;
}

/** @param start what the clock says at first */
export function createFakeClock(start: Micros = Date.UTC(2026, 10, 23, 16) * 1000): FakeClock {
  const timers = new Set<Timer>();
  const bell = new EventTarget();
  let now = start;

  function nextDue(until: Micros): Timer | undefined {
    return [...timers].filter((timer) => timer.due <= until).sort((a, b) => a.due - b.due)[0];
  }

  function advance(length: MicrosLength): void {
    const end = now + length;
    for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
      timers.delete(timer);
      now = Math.max(now, timer.due);
      timer.callback();
    }
    now = end;
  }

  async function untilSet(length: MicrosLength, count = 1): Promise<void> {
    while ([...timers].filter((timer) => timer.length === length).length < count) await once(bell, 'set');
  }

  return {
    now: () => now,
    after(length, callback) {
      const timer = { due: now + Math.max(0, length), length, callback };
      timers.add(timer);
      bell.dispatchEvent(new Event('set'));
      return () => timers.delete(timer);
    },
    advance,
    timers: () => [...timers].map((timer) => timer.due - now).sort((a, b) => a - b),
    untilSet,
    async pass(length, count) {
      await untilSet(length, count);
      advance(length);
    },
  };
}
