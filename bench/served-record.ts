import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseEvent } from '../src/events/parse-event.ts';
import type { Sighting } from '../src/events/sighting.ts';
import { openSqliteStore, type SqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { readPeakBytes } from './measure-command.ts';
import { scaleEvents } from './scale-events.ts';

export const CLUSTER = { uid: 'bench', name: 'bench', version: 'v1.36.2' };
const BATCH = 5_000;

/**
 * What was heard of any number of Events, repeats included, `BATCH` at a time.
 *
 * @param nameNode what the recorded Node is called in a line, by its number. Default: as it was recorded
 */
export function* makeSightings(
  events: number,
  batch = BATCH,
  nameNode: (line: number) => string = () => 'node-1',
): Generator<Sighting[]> {
  let sightings: Sighting[] = [];
  let added = 0;
  let lines = 0;
  for (const line of scaleEvents(events * 3, ['ADDED', 'MODIFIED'])) {
    const { type, object } = JSON.parse(line.replaceAll('node-1', nameNode(lines++))) as {
      type: string;
      object: object;
    };
    const event = parseEvent(object);
    if (type === 'ADDED' && ++added > events) break;
    sightings.push({ event, deleted: false, at: event.lastTimestamp ?? event.eventTime ?? 0 });
    if (sightings.length < batch) continue;
    yield sightings;
    sightings = [];
  }
  if (sightings.length > 0) yield sightings;
}

export interface ServedRecord {
  readonly url: string;
  readonly store: SqliteStore;
  /** When the process was started, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** The most memory that it held. */
  peakBytes(): number | undefined;
  /** What it holds now. */
  bytes(): number;
  /** Processor time it has taken. */
  cpuSeconds(): number;
  close(): Promise<void>;
}

/** `hark serve` as a process of its own over a store of so many Events. */
export async function serveRecord(events: number): Promise<ServedRecord> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  const file = join(folder, 'events.db');
  const store = openSqliteStore({ file, mode: 'write' });
  for (const sightings of makeSightings(events)) await store.write({ cluster: CLUSTER, sightings });
  const hark = fileURLToPath(new URL('../src/bin/hark.ts', import.meta.url));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [hark, 'serve', '--store', file, '--listen', '127.0.0.1:0'], {
    env: { ...process.env, KUBECONFIG: join(folder, 'none'), HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { pid = 0 } = child;
  let url = '';
  for await (const line of createInterface({ input: child.stderr })) {
    url = /Hark is at (\S+)/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  child.stderr.resume();
  return {
    url,
    store,
    startedAt,
    peakBytes: () => readPeakBytes(pid),
    bytes: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
    cpuSeconds() {
      const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
        .slice(11, 13);
      return (Number(user) + Number(system)) / 100;
    },
    async close() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The value that 95 of 100 do not exceed. */
export function percentile95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? Number.NaN;
}
