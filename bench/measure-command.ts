import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface CommandCost {
  readonly seconds: number;
  /** The most memory it held at once; undefined where there is no /proc to read it from. */
  readonly peakBytes: number | undefined;
  readonly stdoutBytes: number;
}

/** Runs a command to its end and measures it; its output is read and thrown away. Throws when it fails. */
export async function measureCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandCost> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdoutBytes = 0;
  let complaint = '';
  let peakBytes: number | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    stdoutBytes += chunk.length;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const watching = setInterval(() => {
    peakBytes = readPeakBytes(child.pid) ?? peakBytes;
  }, 5);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  clearInterval(watching);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${complaint}`);
  return { seconds: (performance.now() - started) / 1000, peakBytes, stdoutBytes };
}

/** Runs it `times` times and keeps the fastest: what else the machine did is noise on top of it. */
export async function measureFastest(
  times: number,
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<CommandCost> {
  const costs: CommandCost[] = [];
  for (let i = 0; i < times; i += 1) costs.push(await measureCommand(command, args, env));
  return costs.reduce((best, cost) => (cost.seconds < best.seconds ? cost : best));
}

/** The high-water mark of a process's memory (Linux). */
export function readPeakBytes(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
