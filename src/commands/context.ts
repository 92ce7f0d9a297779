import type { Readable, Writable } from 'node:stream';
import type { Micros } from '../lib/time.ts';

/** Everything a command may touch of the world outside; `bin/` makes the real one, tests make their own. */
export interface Context {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The wall clock (not `--now`). */
  readonly wallClock: () => Micros;
  /** Aborts on Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Output {
  readonly stream: Writable;
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined when it is none. */
  readonly columns: number | undefined;
}
