import type { Clock } from '../lib/clock.ts';
import type { MicrosLength } from '../lib/time.ts';

export interface BatchLimits {
  /** A batch is handed out when it holds this many items, and those that came with the last of them… */
  readonly count: number;
  /** …or when its first item has waited this long. */
  readonly delay: MicrosLength;
}

/** A batch in the making. */
export interface OpenBatch<T, B> {
  /** Takes in what came together. */
  take(group: T): void;
  /** How many items it holds. */
  size(): number;
  /** What it has become: it takes nothing more. */
  end(): B;
}

/**
 * Gathers what a stream gives, in groups of any size, into batches, in order, so that many items share a transaction and none waits long for it.
 * While the consumer is busy the source is read ahead until two batches wait; then the source waits.
 *
 * Never loses an item: when the source ends or fails, what it gave before is handed out first.
 *
 * @param open begins a batch; each group is put into one as soon as it comes
 */
export async function* batchItems<T, B>(
  source: AsyncIterable<T>,
  open: () => OpenBatch<T, B>,
  limits: BatchLimits,
  clock: Clock,
): AsyncGenerator<B> {
  const full: B[] = [];
  let current = open();
  let ended = false;
  let due = false;
  let stopTimer = () => {};
  const arrived = makeBell();
  const taken = makeBell();

  function take(group: T): void {
    const wasEmpty = current.size() === 0;
    current.take(group);
    if (wasEmpty && current.size() > 0) startTimer();
    if (current.size() < limits.count) return;
    full.push(endCurrent());
    arrived.ring();
  }

  function startTimer(): void {
    stopTimer = clock.after(limits.delay, () => {
      due = true;
      arrived.ring();
    });
  }

  function endCurrent(): B {
    stopTimer();
    due = false;
    const batch = current.end();
    current = open();
    return batch;
  }

  async function readAhead(): Promise<void> {
    try {
      for await (const group of source) {
        take(group);
        while (full.length >= 2 && !ended) await taken.wait();
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
    for (;;) {
      while (!ended && !due && full.length === 0) await arrived.wait();
      const next = full.shift();
      taken.ring();
      if (next !== undefined) yield next;
      else if (current.size() > 0) yield endCurrent();
      else if (ended) break;
    }
    await reading;
  } finally {
    ended = true;
    stopTimer();
    taken.ring();
  }
}

/** Gathers lists into one. */
export function openList<T>(): OpenBatch<readonly T[], T[]> {
  const items: T[] = [];
  return {
    take(group) {
      for (const item of group) items.push(item);
    },
    size: () => items.length,
    end: () => items,
  };
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
