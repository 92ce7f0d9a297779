import { keepYoungHeapSmall } from '../src/bin/keep-young-heap-small.ts';
import { createClock } from '../src/lib/clock.ts';
import { wallClock } from '../src/lib/time.ts';
import { openSpanOutlet } from '../src/otlp/open-outlet.ts';
import { openSender } from '../src/send/open-sender.ts';
import type { MarkWriter } from '../src/store/marks.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { processCpu, threadCpu } from './thread-cpu.ts';

/** What this process is started with. */
export interface SpansToSend {
  readonly file: string;
  readonly url: string;
}

/** What it says once a second. */
export interface SpansSent {
  readonly spans: number;
  readonly waiting: number;
  /** Microseconds of CPU: of the thread that sends, and of all of the process, V8's own threads included. */
  readonly thread: number;
  readonly process: number;
  /** Resident. */
  readonly bytes: number;
}

/** What it asks of who writes the store. */
export interface MarksToKeep {
  readonly id: number;
  readonly marks: Parameters<MarkWriter['writeMarks']>;
}

// The sending part of `hark listen --otlp`, in a process of its own: the store is written by who started it.
keepYoungHeapSmall();
const { url, file } = JSON.parse(process.argv[2] ?? '') as SpansToSend;
const store = openSqliteStore({ file, mode: 'read' });
const traces = await openSpanOutlet(
  { signal: 'traces', protocol: 'http/protobuf', url: `${url}/v1/traces` },
  { name: 'kubectl-hark', version: 'bench' },
);
const sender = await openSender({
  store,
  marks: keepWithParent(),
  clock: createClock(wallClock),
  random: Math.random,
  traces,
  note: (text) => process.stderr.write(`${text}\n`),
});
const stop = new AbortController();
await sender.prepare(stop.signal);
const [before, beforeAll] = [threadCpu(), processCpu()];
const tell = () => {
  const { sent: spans = 0, waiting = 0 } = sender.counts.get('traces') ?? {};
  const [thread, all] = [threadCpu() - before, processCpu() - beforeAll];
  process.send?.({
    spans,
    waiting,
    thread,
    process: all,
    bytes: process.memoryUsage.rss(),
  } satisfies SpansSent);
};
process.on('disconnect', () => process.exit());
tell();
setInterval(tell, 1000);
await sender.run(stop.signal);

function keepWithParent(): MarkWriter {
  const waiting = new Map<number, () => void>();
  let calls = 0;
  process.on('message', (id: number) => {
    waiting.get(id)?.();
    waiting.delete(id);
  });
  return {
    writeMarks(...marks) {
      const id = ++calls;
      process.send?.({ id, marks } satisfies MarksToKeep);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
  };
}
