import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStore, type SqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { type BenchResult, formatMegabytes, formatRate, formatRatio } from './result.ts';
import { COPIES_AT_ONCE } from './scale-events.ts';
import type { ReadySpansSent, ReadySpansToSend } from './send-ready-spans.ts';
import type { MarksToKeep, SpansSent, SpansToSend } from './send-spans.ts';
import { CLUSTER, makeSightings } from './served-record.ts';

/** Events a second, repeats included: they make about 10,000 spans. */
const PER_SECOND = Number(process.env.BENCH_RATE ?? 14_500);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
/** Batches a second, as a listener writes them. */
const BATCHES = 4;
/** Lines that a Node is told of before another one is. */
const LINES_OF_NODE = 1_000;
/** Everything is sent when nothing was for so long: longer than what has ended takes to settle. */
const QUIET_SECONDS = 20;

/** What the receiver tells. */
interface Received {
  readonly spans: number;
  readonly ids: number;
}

/**
 * What it takes to send a record as it grows: read from the store, told, traced, sent and kept, compared with OpenTelemetry's own processor and
 * exporter that send as many spans that are ready to the same receiver. The receiver, and what makes and stores the Events, are processes of their own.
 */
export async function benchSpans(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  const sink = await openSink();
  const file = join(folder, 'events.db');
  const store = openSqliteStore({ file, mode: 'write' });
  try {
    const told = await sendRecord(store, { file, url: sink.url });
    const { spans, thread, process: all, bytes } = last(told);
    const received = (await (await fetch(sink.url)).json()) as Received;
    if (received.spans !== spans)
      throw new Error(`${spans} spans were sent, the receiver has ${received.spans}`);
    const ready = await sendReady({ url: sink.url, spans });
    const quarter = told.find((each) => each.spans >= spans / 4)?.bytes ?? bytes;
    return [
      {
        what: `Events of a store that grows, sent as ${spans.toLocaleString('en-US')} spans over OTLP (HTTP/protobuf): CPU per span, and spans a second that it is enough for (${spans - received.ids} ids came twice)`,
        hark: `${formatCost({ thread, process: all }, spans)}; ${formatRate((spans * 1e6) / thread)} by its thread, ${formatRate((spans * 2e6) / all)} by two cores`,
        compared: `OpenTelemetry's BatchSpanProcessor and exporter with spans that are ready: ${formatCost(ready, spans)}`,
        ratio: formatRatio(ready.process / all),
        target: '10,000/s on 2 cores',
      },
      {
        what: `memory of the process that sends, after a quarter of the spans and at its most after that`,
        hark: `${formatMegabytes(quarter)}, ${formatMegabytes(Math.max(...told.map((each) => each.bytes)))}`,
        compared: '',
        ratio: '',
        target: 'flat',
      },
    ];
  } finally {
    sink.child.kill();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function last(told: readonly SpansSent[]): SpansSent {
  const [end] = told.slice(-1);
  if (end === undefined) throw new Error('nothing was sent');
  return end;
}

function formatCost({ thread, process }: Pick<SpansSent, 'thread' | 'process'>, spans: number): string {
  return `${(thread / spans).toFixed(0)} µs, ${(process / spans).toFixed(0)} µs with V8's own threads`;
}

async function sendReady(to: ReadySpansToSend): Promise<ReadySpansSent> {
  const child = fork(scriptPath('send-ready-spans.ts'), [JSON.stringify(to)]);
  const [sent] = await once(child, 'message');
  await once(child, 'exit');
  return sent as ReadySpansSent;
}

/** Stores Events and lets another process send what they tell. @returns what it said once a second, up to when all was sent */
async function sendRecord(store: SqliteStore, to: SpansToSend): Promise<SpansSent[]> {
  const child = fork(scriptPath('send-spans.ts'), [JSON.stringify(to)], { serialization: 'advanced' });
  const told: SpansSent[] = [];
  child.on('message', async (message: SpansSent | MarksToKeep) => {
    if ('spans' in message) told.push(message);
    else {
      await store.writeMarks(...message.marks);
      child.send(message.id);
    }
  });
  try {
    await untilTold(told, 1);
    await storeEvents(store);
    for (;;) {
      await untilTold(told, told.length + 1);
      const { spans = 0 } = told.at(-1) ?? {};
      if (spans > 0 && spans === told.at(-QUIET_SECONDS)?.spans) break;
    }
    const all = told.at(-1)?.spans;
    return told.slice(0, told.findIndex(({ spans }) => spans === all) + 1);
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

async function untilTold(told: readonly SpansSent[], times: number): Promise<void> {
  while (told.length < times) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function storeEvents(store: SqliteStore): Promise<void> {
  const [started, most] = [performance.now(), PER_SECOND * SECONDS];
  let [batches, stored] = [0, 0];
  for (const sightings of makeSightings(most, PER_SECOND / BATCHES, nameNode)) {
    await store.write({ cluster: CLUSTER, sightings });
    batches += 1;
    stored += sightings.length;
    if (stored >= most) return;
    const wait = started + (batches * 1000) / BATCHES - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
  }
}

/** A cluster in which so much happens has more Nodes than the one that was recorded: forty copies of it take turns line by line. */
function nameNode(line: number): string {
  return `node-${line % COPIES_AT_ONCE}-${Math.floor(line / (COPIES_AT_ONCE * LINES_OF_NODE))}`;
}

async function openSink(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = fork(scriptPath('span-sink.ts'));
  const [url] = await once(child, 'message');
  return { child, url: String(url) };
}

function scriptPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
