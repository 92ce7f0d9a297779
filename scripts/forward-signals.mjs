import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Passes the signals that ask a program to end on to a child, and keeps this process from ending of them.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {{ stop: () => string | undefined }} `stop` ends it and returns the first signal that came
 */
export function forwardSignals(child) {
  let first;
  const forward = (signal) => {
    first ??= signal;
    // A terminal's Ctrl-C goes to the child as well as to us: passing it on would make two of it.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return {
    stop() {
      for (const signal of SIGNALS) process.off(signal, forward);
      return first;
    },
  };
}

/**
 * What a shell makes of a program that a signal ended.
 * @param {string} signal
 * @returns {number}
 */
export function exitCodeOf(signal) {
  return 128 + constants.signals[signal];
}
