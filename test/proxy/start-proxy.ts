import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { after } from 'node:test';
import { type StartOptions, startHark, waitForEnd } from '../cli/start-hark.ts';

/** A running `hark proxy`. */
export interface ProxyProcess {
  /** `http://127.0.0.1:PORT`; the socket's file where it is one. */
  readonly url: string;
  stderr(): string;
  /** Resolves when stderr matches. */
  says(pattern: RegExp): Promise<void>;
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null }>;
}

/** A wait that has taken so long will not end: the test then says what it saw. */
const PATIENCE_MS = 120_000;

/** Ended with the file that started them, whatever becomes of its tests. */
const running = new Set<{
  readonly child: { kill(signal: NodeJS.Signals): boolean };
  readonly ended: Promise<unknown>;
}>();
after(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.allSettled([...running].map(({ ended }) => ended));
});

/** Starts `hark proxy` on a free port, unless `args` say where, and waits until it serves. A file leaves none behind. */
export async function startProxyProcess(
  args: readonly string[],
  options: StartOptions = {},
): Promise<ProxyProcess> {
  const where = args.includes('--unix-socket') ? [] : ['--port', '0'];
  const child = startHark(['proxy', ...where, ...args], options);
  const output = follow(child);
  const ended = waitForEnd(child).finally(output.end);
  running.add({ child, ended });
  const [, place = ''] = await output.until(/^Starting to serve on (.+)\n/);
  return {
    url: place.startsWith('/') ? place : `http://${place}`,
    stderr: () => output.stderr(),
    async says(pattern) {
      await output.until(pattern, 'stderr');
    },
    async end(signal) {
      child.kill(signal);
      return await ended;
    },
  };
}

function follow(child: ChildProcessByStdio<Writable, Readable, Readable>) {
  const text = { stdout: '', stderr: '' };
  const bell = new EventTarget();
  const ring = () => bell.dispatchEvent(new Event('change'));
  let over = false;
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      text[name] += chunk.toString();
      ring();
    });
  return {
    stderr: () => text.stderr,
    end() {
      over = true;
      ring();
    },
    async until(pattern: RegExp, name: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        ring();
      }, PATIENCE_MS);
      try {
        for (;;) {
          const found = pattern.exec(text[name]);
          if (found !== null) return found;
          if (over || late)
            throw new Error(`hark proxy has not said ${pattern}:\n${text.stdout}\n${text.stderr}`);
          await new Promise((resolve) => bell.addEventListener('change', resolve, { once: true }));
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
