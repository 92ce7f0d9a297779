/** Runs work in the background while nothing else is to do. */
export interface IdleWork {
  /** There is work, but not now: it begins when this was not called for a while. */
  postpone(): void;
  /** No more of it, ever. */
  stop(): void;
}

/** Nothing for so long is idle. */
const QUIET_MS = 200;

/**
 * Calls `workSome` when it is quiet, then turn by turn of the event loop, until it says that nothing is left. What it throws ends it until the
 * next time: it is work that can wait. Does not keep the process alive.
 */
export function workWhenIdle(workSome: () => boolean): IdleWork {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;

  function work(): void {
    turn = undefined;
    let hasMore = false;
    try {
      hasMore = workSome();
    } catch {
      return;
    }
    if (hasMore) turn = setImmediate(work).unref();
  }
  function stop(): void {
    clearTimeout(timer);
    clearImmediate(turn);
  }

  return {
    postpone() {
      stop();
      timer = setTimeout(work, QUIET_MS).unref();
    },
    stop,
  };
}
