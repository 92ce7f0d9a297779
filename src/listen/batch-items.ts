import type { Clock } from '../lib/clock.ts';
import type { MicrosLength } from '../lib/time.ts';

export interface BatchLimits {
  /** A batch is handed out when it holds this many items… */
  readonly count: number;
  /** …or when its first item has waited this long. */
  readonly delay: MicrosLength;
}

/**
 * Gathers the items of a stream, which come in groups of any size, into batches, in order, so that many of them share a transaction and none
 * waits long for it. While the consumer is busy the source is read ahead until two batches wait; then the source waits.
 *
 * Never loses an item: when the source ends or fails, what it gave before is handed out first.
 */
export async function* batchItems<T>(
  source: AsyncIterable<readonly T[]>,
  limits: BatchLimits,
  clock: Clock,
): AsyncGenerator<T[]> {
  const waiting: T[] = [];
  let ended = false;
  let due = false;
  let stopTimer = () => {};
  const arrived = makeBell();
  const taken = makeBell();

  function startTimer(): void {
    stopTimer = clock.after(limits.delay, () => {
      due = true;
      arrived.ring();
    });
  }

  async function readAhead(): Promise<void> {
    try {
      for await (const items of source) {
        if (waiting.length === 0 && items.length > 0) startTimer();
        for (const item of items) waiting.push(item);
        if (waiting.length >= limits.count) arrived.ring();
        while (waiting.length >= 2 * limits.count && !ended) await taken.wait();
        if (ended) return;
      }
    } finally {
      ended = true;
      arrived.ring();
    }
  }

  const reading = readAhead();
  reading.catch(() => {}); // Its failure is thrown below, by the await.
  try {
    while (!ended || waiting.length > 0) {
      while (!ended && !due && waiting.length < limits.count) await arrived.wait();
      stopTimer();
      due = false;
      const batch = waiting.splice(0, limits.count);
      if (waiting.length > 0) startTimer();
      taken.ring();
      if (batch.length > 0) yield batch;
    }
    await reading;
  } finally {
    ended = true;
    stopTimer();
    taken.ring();
  }
}

/** Lets one waiter sleep until it rings; a ring that nobody waits for is not kept, so look before you wait. */
function makeBell(): { wait(): Promise<void>; ring(): void } {
  let wake: (() => void) | undefined;
  return {
    wait: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    ring() {
      wake?.();
      wake = undefined;
    },
  };
}
