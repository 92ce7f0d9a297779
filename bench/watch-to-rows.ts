import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../src/lib/clock.ts';
import { wallClock } from '../src/lib/time.ts';
import { createClusterFeed } from '../src/listen/cluster-feed.ts';
import { listen } from '../src/listen/listen.ts';
import { openStoreThread } from '../src/listen/open-store-thread.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { type BenchResult, formatRate, formatRatio } from './result.ts';
import { scaleEvents } from './scale-events.ts';
import { serveWatch } from './serve-watch.ts';
import { askThreadCpu, processCpu, threadCpu } from './thread-cpu.ts';

const LINES = 200_000;
/** What a TLS record and a socket's read come to. */
const CHUNK_BYTES = 64 * 1024;

/**
 * How many Events per second come from the bytes of a watch to committed rows, through all of Hark but TLS, compared with what `JSON.parse` alone
 * makes of the same bytes in the same run. Each line adds an Event or a repeat.
 */
export async function benchWatchToRows(lines = LINES): Promise<BenchResult[]> {
  const bytes = Buffer.from(`${[...scaleEvents(lines, ['ADDED', 'MODIFIED'])].join('\n')}\n`);
  const parsing = [parseAll(bytes)];
  const runs = [await storeAll(bytes, lines), await storeAll(bytes, lines)];
  parsing.push(parseAll(bytes));
  const best = runs.reduce((a, b) => (a.rate > b.rate ? a : b));
  const { rate } = best;
  const parseRate = lines / Math.min(...parsing);
  return [
    {
      what: `watch bytes to committed rows (${lines.toLocaleString('en-US')} lines, ${Math.round(bytes.length / lines)} bytes each)`,
      hark: `${formatRate(rate)}; CPU per line ${best.hearing.toFixed(1)} µs to hear, ${best.storing.toFixed(1)} µs to store, ${best.all.toFixed(1)} µs in all`,
      compared: `\`JSON.parse\` of the same bytes and nothing else: ${formatRate(parseRate)}`,
      ratio: formatRatio(rate / parseRate),
      target: '50,000/s on 2 cores',
    },
  ];
}

/** Seconds to split the bytes into lines and parse them. */
function parseAll(bytes: Buffer): number {
  const started = performance.now();
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    JSON.parse(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return (performance.now() - started) / 1000;
}

interface Run {
  /** Events per second from the first byte given to the last row committed. */
  readonly rate: number;
  /** Microseconds of CPU per line of the thread that reads them and of the one that stores, up to the last commit. */
  readonly hearing: number;
  readonly storing: number;
  /** Of the whole process, V8's own threads included. */
  readonly all: number;
}

async function storeAll(bytes: Buffer, lines: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  const file = join(folder, 'events.db');
  const store = await openStoreThread(new URL('store-worker.ts', import.meta.url), {
    file,
    since: 0,
    pid: 0,
  });
  const stop = new AbortController();
  const clock = createClock(wallClock);
  const server = serveWatch(cutIntoChunks(bytes), stop.signal);
  let heard = 0;
  let ended = 0;
  const before = threadCpu();
  const beforeAll = processCpu();
  await listen({
    feeds: [createClusterFeed(server.cluster, clock, undefined)],
    store,
    retention: {},
    clock,
    random: Math.random,
    signal: stop.signal,
    report(report) {
      if (report.type !== 'written') return;
      heard += report.heard;
      ended = performance.now();
      if (heard === lines) stop.abort();
    },
  });
  const hearing = (threadCpu() - before) / lines;
  const all = (processCpu() - beforeAll) / lines;
  const storing = (await askThreadCpu()) / lines;
  await store.close();
  const reader = openSqliteStore({ file, mode: 'read' });
  const { events, occurrences } = await reader.readSize();
  await reader.close();
  rmSync(folder, { recursive: true });
  if (occurrences !== lines)
    throw new Error(`${lines} lines made ${events} Events and ${occurrences} occurrences`);
  return { rate: (lines * 1000) / (ended - server.started()), hearing, storing, all };
}

function* cutIntoChunks(bytes: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
