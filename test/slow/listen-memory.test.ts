import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { scaleEvents } from '../../bench/scale-events.ts';
import { serveWatch } from '../../bench/serve-watch.ts';
import { createClock } from '../../src/lib/clock.ts';
import { formatTime, parseTime } from '../../src/lib/rfc3339.ts';
import { SECOND, wallClock } from '../../src/lib/time.ts';
import { createClusterFeed } from '../../src/listen/cluster-feed.ts';
import { listen } from '../../src/listen/listen.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { storePath } from '../listen-harness.ts';

const LINES = 300_000;
const LINES_PER_CHUNK = 60;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Watch lines of 1,000 Events that repeat and repeat. */
function* repeatEvents(lines: number): Generator<string> {
  const first = [...scaleEvents(1000, ['ADDED'])].map(
    (line) => JSON.parse(line) as { object: Record<string, unknown> },
  );
  for (let line = 0; line < lines; line += 1) {
    const { object } = first[line % first.length] ?? first[0] ?? { object: {} };
    const count = Math.floor(line / first.length) + 1;
    const start = parseTime(String(object.firstTimestamp ?? object.eventTime)) ?? 0;
    const lastTimestamp = formatTime(start + count * 10 * SECOND);
    const metadata = { ...(object.metadata as object), resourceVersion: String(2000 + line) };
    const type = count === 1 ? 'ADDED' : 'MODIFIED';
    yield JSON.stringify({ type, object: { ...object, metadata, count, series: undefined, lastTimestamp } });
  }
}

function* cutIntoChunks(lines: Iterable<string>): Generator<Uint8Array> {
  let chunk = '';
  let held = 0;
  for (const line of lines) {
    chunk += `${line}\n`;
    held += 1;
    if (held % LINES_PER_CHUNK === 0) {
      yield Buffer.from(chunk);
      chunk = '';
    }
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

/** Runs lines through the whole listener and its store, all in this thread, and measures what stays in memory after a third of them and after all. */
async function measureHeap(
  lines: Iterable<string>,
): Promise<{ readonly third: number; readonly all: number }> {
  const store = openSqliteStore({ file: storePath(), mode: 'write' });
  const stop = new AbortController();
  const clock = createClock(wallClock);
  let heard = 0;
  let third = 0;
  await listen({
    feeds: [createClusterFeed(serveWatch(cutIntoChunks(lines), stop.signal).cluster, clock, undefined)],
    store,
    retention: {},
    clock,
    random: Math.random,
    signal: stop.signal,
    report(report) {
      if (report.type !== 'written') return;
      heard += report.heard;
      if (third === 0 && heard >= LINES / 3) third = readHeap();
      if (heard === LINES) stop.abort();
    },
  });
  const all = readHeap();
  await store.close();
  return { third, all };
}

function readHeap(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

for (const [what, make] of [
  ['Events repeat for ever', repeatEvents],
  ['new Events of new objects come for ever', (lines: number) => scaleEvents(lines, ['ADDED', 'MODIFIED'])],
] as const) {
  test(`hark listen holds no more in memory after three times as many lines when ${what}`, async (t) => {
    const { third, all } = await measureHeap(make(LINES));
    t.diagnostic(
      `${(third / 1e6).toFixed(1)} MB after ${LINES / 3} lines, ${(all / 1e6).toFixed(1)} MB after ${LINES}`,
    );
    assert.ok(all < third * 1.25, `${all} bytes after ${LINES} lines, ${third} after a third of them`);
  });
}
