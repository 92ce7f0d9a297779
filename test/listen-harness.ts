import type { ChildProcessByStdio } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../src/events/event.ts';
import type { CoverageStretch } from '../src/events/query.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { makeFolder, startHark, waitForEnd } from './cli/start-hark.ts';

export interface ListenProcess {
  readonly pid: number;
  /** What it has printed on stderr so far. */
  stderr(): string;
  /** Resolves when stderr matches. Rejects when the process ends before. */
  says(pattern: RegExp): Promise<void>;
  /** Sends a signal and resolves when it has ended. */
  end(
    signal: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** A wait that has taken so long will not end: the test then says what it saw, rather than that time is up. */
const PATIENCE_MS = 120_000;

/** Starts `hark listen` as a process of its own. */
export function startListening(args: readonly string[]): ListenProcess {
  return followProcess(startHark(['listen', ...args]));
}

/** Follows what a process that runs `hark listen` says. */
export function followProcess(child: ChildProcessByStdio<Writable, Readable, Readable>): ListenProcess {
  const bell = new EventTarget();
  let stderr = '';
  let over = false;
  child.stdout.resume();
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    bell.dispatchEvent(new Event('change'));
  });
  const ended = waitForEnd(child).finally(() => {
    over = true;
    bell.dispatchEvent(new Event('change'));
  });
  // A test that fails leaves none behind.
  after(() => over || child.kill('SIGKILL'));
  return {
    pid: child.pid ?? 0,
    stderr: () => stderr,
    async says(pattern) {
      const timer = setTimeout(() => bell.dispatchEvent(new Event('change')), PATIENCE_MS);
      const since = performance.now();
      try {
        while (!pattern.test(stderr)) {
          if (over) throw new Error(`hark listen ended without saying ${pattern}:\n${stderr}`);
          if (performance.now() - since >= PATIENCE_MS)
            throw new Error(`hark listen has not said ${pattern}:\n${stderr}`);
          await new Promise((resolve) => bell.addEventListener('change', resolve, { once: true }));
        }
      } finally {
        clearTimeout(timer);
      }
    },
    async end(signal) {
      child.kill(signal);
      return await ended;
    },
    ended,
  };
}

/** What a store holds, read by a reader of its own while others may write. */
export interface StoredRecord {
  readonly events: readonly RecordedEvent[];
  readonly coverage: readonly CoverageStretch[];
}

export async function readStore(file: string): Promise<StoredRecord> {
  const store = openSqliteStore({ file, mode: 'read' });
  try {
    const events: RecordedEvent[] = [];
    for await (const page of store.readEvents({})) events.push(...page);
    const clusters = await store.readClusters();
    const coverage = await Promise.all(clusters.map(({ uid }) => store.readCoverage(uid)));
    return { events, coverage: coverage.flat() };
  } finally {
    await store.close();
  }
}

/**
 * Looks into the store until what it holds is as wanted.
 *
 * @throws Error with what it holds, when it never is
 */
export async function untilStored(
  file: string,
  isWanted: (record: StoredRecord) => boolean,
): Promise<StoredRecord> {
  const since = performance.now();
  for (;;) {
    const record = await readStore(file).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'store-missing') return undefined;
      throw error;
    });
    if (record !== undefined && isWanted(record)) return record;
    if (performance.now() - since >= PATIENCE_MS)
      throw new Error(`the store holds ${record?.events.length ?? 'no'} Events, not what is waited for`);
    await delay(50);
  }
}

/** A path for a store in a folder that is removed when the test file ends. */
export function storePath(): string {
  return join(makeFolder(), 'events.db');
}

export interface NamedServer {
  readonly name: string;
  readonly url: string;
  readonly ca: string;
}

/** Writes a kubeconfig with one context for each server. */
export function writeContexts(servers: readonly NamedServer[]): string {
  const file = join(makeFolder(), 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: servers.map(({ name, url, ca }) => ({
      name,
      cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
    })),
    users: [{ name: 'user', user: {} }],
    contexts: servers.map(({ name }) => ({ name, context: { cluster: name, user: 'user' } })),
    'current-context': servers[0]?.name,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
