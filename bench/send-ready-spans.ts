import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { keepYoungHeapSmall } from '../src/bin/keep-young-heap-small.ts';
import type { RecordedEvent } from '../src/events/event.ts';
import { identify } from '../src/events/identity.ts';
import { mergeSighting } from '../src/events/merge-records.ts';
import { openConverter } from '../src/otlp/readable.ts';
import { openStories } from '../src/stories/open-stories.ts';
import { openHeard } from '../src/traces/heard.ts';
import { traceStories } from '../src/traces/trace-stories.ts';
import { makeSightings } from './served-record.ts';
import { processCpu, threadCpu } from './thread-cpu.ts';

/** What this process is started with. */
export interface ReadySpansToSend {
  readonly url: string;
  readonly spans: number;
}

/** What it says at the end. */
export interface ReadySpansSent {
  readonly spans: number;
  readonly thread: number;
  readonly process: number;
}

const EVENTS = 10_000;
/** What the processor holds at most by default; what is more it would drop. */
const QUEUE = 2_048;

// OpenTelemetry's own batch processor and exporter with spans that are ready: those that Hark makes of the same Events, over and over.
keepYoungHeapSmall();
const { url, spans } = JSON.parse(process.argv[2] ?? '') as ReadySpansToSend;
const ready = makeReady();
const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
const processor = new BatchSpanProcessor({ exporter });
await send(ready.length);
const [before, beforeAll] = [threadCpu(), processCpu()];
await send(spans);
process.send?.({
  spans,
  thread: threadCpu() - before,
  process: processCpu() - beforeAll,
} satisfies ReadySpansSent);
await processor.shutdown();
process.disconnect();

async function send(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    const span = ready[sent % ready.length];
    if (span !== undefined) processor.onEnd(span);
    if (sent % QUEUE === QUEUE - 1) await processor.forceFlush();
  }
  await processor.forceFlush();
}

function makeReady() {
  const records = new Map<string, RecordedEvent>();
  for (const sightings of makeSightings(EVENTS))
    for (const sighting of sightings) {
      const key = identify(sighting.event);
      records.set(key, mergeSighting(records.get(key), 'bench', sighting));
    }
  const [stories, heard] = [openStories(), openHeard()];
  for (const record of records.values()) {
    stories.addEvent(record);
    heard.addEvent(record);
  }
  const { convertSpan } = openConverter({ name: 'kubectl-hark', version: 'bench' });
  const traces = traceStories(stories.tell(), { asOf: stories.latest(), heard });
  return traces.flatMap((trace) => trace.spans.map(convertSpan));
}
