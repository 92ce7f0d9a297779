/** Work that can wait, done between the rest. */
export interface BackgroundWork {
  /** There may be some, and something else was just done: the next step waits a little. */
  note(): void;
  /** No more of it, ever. */
  stop(): void;
}

/** How long a step waits after something else was done: with other work all the time, one step in so many milliseconds is done. */
const PAUSE_MS = 200;

/**
 * Calls `workSome` step by step until it says that nothing is left: one after the other while nothing else is done, with pauses while something
 * is. What it throws ends it until the next `note`. Does not keep the process alive.
 */
export function createBackgroundWork(workSome: () => boolean): BackgroundWork {
  let timer: NodeJS.Timeout | undefined;
  let isQuiet = true;

  function schedule(afterMs: number): void {
    timer = setTimeout(work, afterMs).unref();
  }
  function work(): void {
    timer = undefined;
    const wasQuiet = isQuiet;
    isQuiet = true;
    let hasMore = false;
    try {
      hasMore = workSome();
    } catch {
      return;
    }
    if (hasMore) schedule(wasQuiet ? 0 : PAUSE_MS);
  }

  return {
    note() {
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
