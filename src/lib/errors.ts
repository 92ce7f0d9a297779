/** Exit codes of the command line (docs: "Exit codes"). */
export const EXIT = {
  done: 0,
  /** Found nothing, or the answer is "unhealthy" where a command documents so. */
  nothing: 1,
  usage: 2,
  unreachable: 3,
  forbidden: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * A failure that Hark expects: bad input, an unreachable cluster, a full disk. Printed as its message and hint, never with a stack.
 * Any other error that reaches `bin/` is a bug and is printed with how to report it.
 */
export class HarkError extends Error {
  /** Stable, machine-readable: `usage`, `cluster-unreachable`, `store-newer`… */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What to type or do next: one line, may be empty. */
  readonly hint: string;

  /**
   * @param code stable code of the failure
   * @param message the action that failed, the value quoted, what is and what is wanted
   */
  constructor(
    code: string,
    message: string,
    options: { exitCode?: ExitCode; hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HarkError';
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.usage;
    this.hint = options.hint ?? '';
  }
}
