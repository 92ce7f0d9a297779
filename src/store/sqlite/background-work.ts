/** Work that can wait, done between the rest. */
export interface BackgroundWork {
  /** There may be some, and something else was just done: the next step waits a little. `amount` says how much that was; default 0. */
  note(amount?: number): void;
  /** No more of it, ever. */
  stop(): void;
}

/** How long a step waits after something else was done: with other work all the time, one step in so many milliseconds is done. */
const PAUSE_MS = 200;
/** So many steps at most are left out, one after the other, while more than `burst` of other work is done between two. */
const STEPS_LEFT_OUT = 25;

/**
 * Calls `workSome` step by step until it says that nothing is left: one after the other while nothing else is done, with pauses while something
 * is, and hardly at all in a burst of it. What it throws ends it until the next `note`. Does not keep the process alive.
 */
export function createBackgroundWork(
  workSome: () => boolean,
  burst = Number.POSITIVE_INFINITY,
): BackgroundWork {
  let timer: NodeJS.Timeout | undefined;
  let isQuiet = true;
  let otherWork = 0;
  let leftOut = 0;

  function schedule(afterMs: number): void {
    timer = setTimeout(work, afterMs).unref();
  }
  function work(): void {
    timer = undefined;
    const wasQuiet = isQuiet;
    const isBurst = otherWork > burst && leftOut < STEPS_LEFT_OUT;
    isQuiet = true;
    otherWork = 0;
    leftOut = isBurst ? leftOut + 1 : 0;
    if (isBurst) {
      schedule(PAUSE_MS);
      return;
    }
    let hasMore = false;
    try {
      hasMore = workSome();
    } catch {
      return;
    }
    if (hasMore) schedule(wasQuiet ? 0 : PAUSE_MS);
  }

  return {
    note(amount = 0) {
      otherWork += amount;
      if (timer !== undefined && !isQuiet) return;
      isQuiet = false;
      clearTimeout(timer);
      schedule(PAUSE_MS);
    },
    stop() {
      clearTimeout(timer);
      isQuiet = false;
    },
  };
}
