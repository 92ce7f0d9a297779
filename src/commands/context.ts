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
  readonly program: Program;
}

/** How this program was started. */
export interface Program {
  /** What the user typed to call it, for help and hints: `hark` or `kubectl hark`. */
  readonly name: string;
  /** What runs it: `node 24.21.0, linux x64`. */
  readonly runtime: string;
  /** The number of its process. */
  readonly pid: number;
  /** The module that a thread runs which writes a store; undefined where there is none: then the store is written by the main thread. */
  readonly storeWorker?: URL | undefined;
  /** Has the runtime give memory back sooner, at the cost of some time: for a command that holds much and ends, or runs for weeks. */
  readonly spareMemory?: (() => void) | undefined;
  /** Has the runtime keep some more memory for what lives briefly, so that less time goes to looking for it: for a command that holds much and makes large answers. */
  readonly makeRoom?: (() => void) | undefined;
  /** The folder that holds the built web UI; undefined where it was not built. */
  readonly pages?: string | undefined;
}

export interface Output {
  readonly stream: Writable;
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined when it is none. */
  readonly columns: number | undefined;
}
