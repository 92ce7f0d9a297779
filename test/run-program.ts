import { spawn } from 'node:child_process';
import { type Outcome, readAll, waitForEnd } from './cli/start-hark.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** Runs a program to its end. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const { cwd, env } = options;
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, ended] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    waitForEnd(child),
  ]);
  return { ...ended, stdout, stderr };
}
