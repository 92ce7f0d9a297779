import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { after } from 'node:test';

/** The program under test: the sources, or the file that HARK_BIN names (the bundle). */
export const PROGRAM = process.env.HARK_BIN ?? join(import.meta.dirname, '../../src/bin/hark.ts');

export interface Outcome {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of node itself. */
  readonly nodeFlags?: readonly string[];
}

/** Starts `hark` as a process of its own, with a home of its own: no kubeconfig, no store, no colours but what `env` says. */
export function startHark(
  args: readonly string[],
  options: StartOptions = {},
): ChildProcessByStdio<Writable, Readable, Readable> {
  const env = {
    PATH: process.env.PATH ?? '',
    ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
    ...homeOf(makeFolder()),
    ...options.env,
  };
  return spawn(process.execPath, [...(options.nodeFlags ?? []), PROGRAM, ...args], {
    env,
    ...(options.cwd && { cwd: options.cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs `hark` to its end. */
export async function runHark(args: readonly string[], options: StartOptions = {}): Promise<Outcome> {
  const child = startHark(args, options);
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, ended] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    waitForEnd(child),
  ]);
  return { ...ended, stdout, stderr };
}

export function waitForEnd(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A folder that is removed when the test file ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hark-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Environment variables that make a folder the user's home. */
export function homeOf(folder: string): Record<string, string> {
  return {
    HOME: folder,
    KUBECONFIG: join(folder, 'no-kubeconfig'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
}
