import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context, Output } from '../commands/context.ts';
import { exitCodeOf, formatFailure } from '../commands/format-failure.ts';
import { runHark } from '../commands/run-hark.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { wallClock } from '../lib/time.ts';
import { growYoungHeap } from './grow-young-heap.ts';
import { keepHeapTight } from './keep-heap-tight.ts';
import { silenceSqliteWarning } from './silence-sqlite-warning.ts';

/** What a shell reports for a program that a signal ended: 128 + its number. */
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Runs Hark on this process: arguments in, exit code out. */
export async function main(argv: readonly string[]): Promise<void> {
  silenceSqliteWarning();
  const stop = new AbortController();
  const context = createContext(stop.signal);
  const verbose = argv.includes('-v') || argv.includes('--verbose');
  process.on('uncaughtException', (error) => fail(error, context, verbose));
  const stopped = listenForSignals(stop);
  const broken = listenForBrokenOutput(stop);
  try {
    const code = await runHark(argv, context);
    if (broken() === undefined) await finish(code);
  } catch (error) {
    // A stream tells of its error after the write that met it has failed.
    await new Promise((resolve) => setImmediate(resolve));
    if (broken() === undefined && stop.signal.aborted && !isBug(error, stop.signal)) await finish(stopped());
    if (broken() === undefined) await fail(error, context, verbose);
  }
  if (isClosedPipe(broken())) await finish(EXIT.done);
  await fail(explainBrokenOutput(broken()), context, verbose);
}

/** The first signal asks for a clean stop, the second one ends at once. Returns the exit code of the signal that came. */
function listenForSignals(stop: AbortController): () => number {
  let code = 0;
  for (const [name, signalCode] of Object.entries(SIGNAL_CODES)) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(signalCode);
      code = signalCode;
      stop.abort();
    });
  }
  return () => code;
}

/** Asks for a stop when nothing more can be printed. Returns what was wrong with stdout; stderr's troubles are nobody's. */
function listenForBrokenOutput(stop: AbortController): () => Error | undefined {
  let broken: Error | undefined;
  process.stdout.on('error', (error) => {
    broken ??= error;
    stop.abort(error);
  });
  process.stderr.on('error', () => {});
  return () => broken;
}

function explainBrokenOutput(error: unknown): HarkError {
  const text = error instanceof Error ? error.message : String(error);
  return new HarkError('output', `cannot write the output: ${text}`, {
    hint: 'Is the disk full, or the file not yours to write?',
  });
}

/** `hark events | head`: the reader has gone, which is no failure; stop quietly. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

function isBug(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason) return false;
  return !(error instanceof Error && (error.name === 'AbortError' || error.cause === signal.reason));
}

async function fail(error: unknown, context: Context, verbose: boolean): Promise<never> {
  process.stderr.write(formatFailure(error, context.program.name, verbose));
  return await finish(exitCodeOf(error));
}

/** Ends the process when all that was printed has been taken. */
async function finish(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writable) await new Promise((resolve) => stream.write('', resolve));
  }
  process.exit(code);
}

function createContext(signal: AbortSignal): Context {
  const { node } = process.versions;
  return {
    get stdin() {
      return process.stdin;
    },
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    wallClock,
    signal,
    program: {
      name: readProgramName(process.argv[1] ?? ''),
      pid: process.pid,
      runtime: `node ${node}, ${process.platform} ${process.arch}`,
      spareMemory: keepHeapTight,
      makeRoom: growYoungHeap,
      get storeWorker() {
        return findStoreWorker();
      },
      get pages() {
        return findPages();
      },
    },
  };
}

function createOutput(stream: NodeJS.WriteStream): Output {
  return {
    stream,
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** Beside this file in the sources, above it in the bundle. */
function findStoreWorker(): URL | undefined {
  const places = ['./store-worker.ts', './store-worker.js', '../store-worker.js'];
  return places.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
}

/** In `ui/dist` of a checkout, in `ui` beside the bundle. */
function findPages(): string | undefined {
  const places = ['../../ui/dist/index.html', './ui/index.html', '../ui/index.html'];
  const found = places.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  return found === undefined ? undefined : fileURLToPath(new URL('.', found));
}

/** kubectl runs the plugin `kubectl-hark` for `kubectl hark`. */
function readProgramName(path: string): string {
  return /^kubectl[-_]/.test(basename(path)) ? 'kubectl hark' : 'hark';
}
