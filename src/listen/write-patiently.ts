import { createBackoff } from '../lib/backoff.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import type { WriteResult } from '../store/store.ts';
import type { Report } from './feed.ts';

export interface PatientWriter {
  /**
   * Lets a batch be written, however long it takes until the store takes it.
   *
   * @param attempt writes it: called again each time that it fails
   * @throws Error when the store never will, or when the signal has aborted and one more try failed
   */
  write(attempt: () => Promise<WriteResult>): Promise<WriteResult>;
  /** Why the store will take nothing more; undefined while it may. */
  failure(): Error | undefined;
}

export interface PatienceOptions {
  readonly clock: Clock;
  /** Between 0 and 1, for the jitter of the waits. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Failures of a store that waiting does not mend. */
const FINAL_CODES = new Set(['store-corrupt', 'store-newer', 'store-foreign', 'store-in-use']);

/**
 * Writes to a store that may be full, locked or read-only for a while: tries again with growing waits (30 s at most), and says so when the failure
 * changes, not each time. One for all feeds of a store. While it waits nothing is given up: its callers hold their batch and read no further.
 */
export function writePatiently(options: PatienceOptions): PatientWriter {
  const { clock, signal, report } = options;
  const backoff = createBackoff(options.random);
  let failing = '';
  let final: Error | undefined;

  async function write(attempt: () => Promise<WriteResult>): Promise<WriteResult> {
    for (;;) {
      const stopping = signal.aborted;
      try {
        const result = await attempt();
        noteSuccess();
        return result;
      } catch (error) {
        if (stopping || !isPassing(error)) throw noteFinal(error);
        noteFailure(error);
        await sleep(clock, backoff.next(), signal);
      }
    }
  }

  function noteSuccess(): void {
    backoff.reset();
    if (failing !== '') report({ type: 'store-mended' });
    failing = '';
  }

  function noteFailure(error: HarkError): void {
    if (failing !== error.code) report({ type: 'store-failing', error });
    failing = error.code;
  }

  function noteFinal(error: unknown): Error {
    final ??= error instanceof Error ? error : new Error(String(error));
    return final;
  }

  return { write, failure: () => final };
}

function isPassing(error: unknown): error is HarkError {
  return error instanceof HarkError && !FINAL_CODES.has(error.code);
}
