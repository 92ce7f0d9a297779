import { type Transferable, Worker } from 'node:worker_threads';
import type { CoverageStretch } from '../events/query.ts';
import { type ExitCode, HarkError } from '../lib/errors.ts';
import { createSightingPacker, type SightingPacker } from '../store/pack-sightings.ts';
import type { RetentionResult, WriteResult } from '../store/store.ts';
import type {
  GatheredSightings,
  MarkedStore,
  StoreAbort,
  StoreAnswer,
  StoreCall,
  StoreFailure,
  StoreWorkerData,
} from './listen-store.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Opens a store to write in a thread of its own: while that one writes a batch, this one receives and parses the next.
 *
 * @param entry the module that the thread runs: it calls `serveStore`
 * @throws HarkError as `openSqliteStore` does
 */
export async function openStoreThread(entry: URL, data: StoreWorkerData): Promise<MarkedStore> {
  const worker = new Worker(entry, { workerData: data });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let dead: Error | undefined;

  function wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (dead !== undefined) reject(dead);
      else waiting.set(id, { resolve, reject });
    });
  }

  function call(
    name: StoreCall['name'],
    args: readonly unknown[] = [],
    given: readonly Transferable[] = [],
  ): { readonly id: number; readonly answer: Promise<unknown> } {
    calls += 1;
    const message: StoreCall = { id: calls, name, args };
    const answer = wait(calls);
    worker.postMessage(message, given);
    return { id: calls, answer };
  }

  function die(error: Error): void {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  }

  worker.on('message', (answer: StoreAnswer) => {
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) caller?.reject(restoreError(answer.failure));
    else caller?.resolve(answer.value);
  });
  worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => die(new Error('the thread that writes the store has ended')));
  await wait(0);
  /** Those that gather nothing at present: their memory is used again. */
  const packers: SightingPacker[] = [];

  function gather(): GatheredSightings {
    const packer = packers.pop() ?? createSightingPacker();
    return {
      add: packer.add,
      async write(rest) {
        const packed = packer.packed();
        const result = (await call('write', [rest, packed], [packed.buffer]).answer) as WriteResult;
        packer.clear();
        packers.push(packer);
        return result;
      },
    };
  }

  return {
    gather,
    async write({ sightings, ...rest }) {
      const gathered = gather();
      for (const sighting of sightings) gathered.add(sighting);
      return await gathered.write(rest);
    },
    readCoverage: async (cluster) => (await call('readCoverage', [cluster]).answer) as CoverageStretch[],
    async retain(limits, signal) {
      const { id, answer } = call('retain', [limits]);
      const abort: StoreAbort = { abort: id };
      const stop = () => worker.postMessage(abort);
      signal?.addEventListener('abort', stop, { once: true });
      return (await answer.finally(() => signal?.removeEventListener('abort', stop))) as RetentionResult;
    },
    async writeMarks(...marks) {
      await call('writeMarks', [marks]).answer;
    },
    async close() {
      if (dead === undefined) await call('close').answer;
    },
  };
}

function restoreError({ message, code, hint, exitCode, stack }: StoreFailure): Error {
  if (exitCode !== undefined) return new HarkError(code, message, { hint, exitCode: exitCode as ExitCode });
  const error = new Error(message);
  error.stack = stack;
  return error;
}
