import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('write-until-killed.ts', import.meta.url));

/** Another process that writes to a store without end. */
export interface RunningWriter {
  readonly pid: number;
  /** Resolves when it has committed so many batches more. */
  afterBatches(count: number): Promise<void>;
  /** `kill -9`; gives the number of the last batch that it said was committed. */
  kill(): Promise<number>;
}

/**
 * Starts one; it ends with the test at the latest.
 *
 * @param first batches already in the store, not to be written again
 * @param habit `forget`: it removes everything again and again
 */
export function runWriter(t: TestContext, file: string, first = 0, habit: '' | 'forget' = ''): RunningWriter {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', SCRIPT, file, String(first), habit], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  if (child.stdout === null || child.pid === undefined) throw new Error('the writer did not start');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last = first;

  async function readLine(): Promise<boolean> {
    const { value, done } = await lines.next();
    if (done === true) return false;
    last = Number(value);
    return true;
  }

  return {
    pid: child.pid,
    async afterBatches(count) {
      for (let left = count; left > 0; left--) if (!(await readLine())) throw new Error('the writer ended');
    },
    async kill() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      while (await readLine());
      await exit;
      return last;
    },
  };
}
