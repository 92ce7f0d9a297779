import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RecordedEvent } from '../src/events/event.ts';
import { identify } from '../src/events/identity.ts';
import { mergeSighting } from '../src/events/merge-records.ts';
import { parseEvent } from '../src/events/parse-event.ts';
import { openStories, type Stories } from '../src/stories/open-stories.ts';
import { type BenchResult, formatMegabytes, formatRatio, formatSeconds } from './result.ts';
import { scaleEvents } from './scale-events.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const EVENTS = 100_000;
const RUNS = 5;
const MORE = 500;
/** A cluster in which so much happens has more Nodes than the one that was recorded. */
const NODES = 40;

/** 100,000 Events into stories, and one more Event at that size. */
export async function benchStories(): Promise<BenchResult[]> {
  const records = makeRecords(EVENTS + MORE, NODES);
  const first = records.slice(0, EVENTS);
  const happenings = first.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
  const before = settledHeap();
  const told = fastest(RUNS, () => tellAll(first));
  const held = settledHeap() - before;
  const copied = fastest(RUNS, () => structuredClone(first));
  const single = addOneByOne(told.result, records.slice(EVENTS));
  const crowded = measureCrowded();
  const what = `${EVENTS.toLocaleString('en-US')} Events with ${happenings.toLocaleString('en-US')} happenings`;
  return [
    {
      what: `${what} into ${told.result.tell().length.toLocaleString('en-US')} stories`,
      hark: `${formatSeconds(told.seconds)}, ${formatMegabytes(held)}`,
      compared: `\`structuredClone\` of the same Events: ${formatSeconds(copied.seconds)}`,
      ratio: formatRatio(told.seconds / copied.seconds),
      target: '< 2 s, < 300 MB',
    },
    {
      what: `one more Event at that size, on ${NODES} Nodes (median, 95th percentile of ${MORE})`,
      hark: `${single.median.toFixed(2)} ms, ${single.high.toFixed(2)} ms`,
      compared: '',
      ratio: '',
      target: '< 1 ms',
    },
    {
      what: `one more Event of a Node of which ${crowded.before.toLocaleString('en-US')} Events are told already (median, 95th percentile)`,
      hark: `${crowded.median.toFixed(2)} ms, ${crowded.high.toFixed(2)} ms`,
      compared: '',
      ratio: '',
      target: '',
    },
  ];
}

/** As if all of it had happened on one Node: what is told anew is all of that Node. */
function measureCrowded(): { readonly before: number; readonly median: number; readonly high: number } {
  const records = makeRecords(EVENTS + MORE, 1);
  const isOfNode = ({ event }: RecordedEvent) => event.involvedObject.kind === 'Node';
  const first = records.slice(0, EVENTS);
  const lengths = addOneByOne(tellAll(first), records.slice(EVENTS).filter(isOfNode));
  return { before: first.filter(isOfNode).length, ...lengths };
}

function makeRecords(wanted: number, nodes: number): RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  let lines = 0;
  for (const line of scaleEvents(Number.MAX_SAFE_INTEGER, ['ADDED', 'MODIFIED'])) {
    // Forty copies take turns line by line: each of them has its Node.
    const own = line.replaceAll('node-1', `node-${lines++ % nodes}`);
    const event = parseEvent(JSON.parse(own).object);
    const key = identify(event);
    if (records.size === wanted && !records.has(key)) break;
    records.set(key, mergeSighting(records.get(key), 'bench', { event, deleted: false, at: 0 }));
  }
  return [...records.values()];
}

function tellAll(records: readonly RecordedEvent[]): Stories {
  const stories = openStories();
  for (const record of records) stories.addEvent(record);
  stories.tell();
  return stories;
}

/** The fastest of several runs: the others were held up by something else. */
function fastest<Result>(
  runs: number,
  run: () => Result,
): { readonly seconds: number; readonly result: Result } {
  let [seconds, result] = [Number.POSITIVE_INFINITY, undefined as Result | undefined];
  for (let index = 0; index < runs; index += 1) {
    result = undefined;
    collectGarbage();
    const start = performance.now();
    result = run();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  if (result === undefined) throw new Error('no run');
  return { seconds, result };
}

function addOneByOne(
  stories: Stories,
  records: readonly RecordedEvent[],
): { readonly median: number; readonly high: number } {
  const lengths = records.map((record) => {
    const start = performance.now();
    stories.addEvent(record);
    stories.tellChanges();
    return performance.now() - start;
  });
  const sorted = lengths.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    high: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
  };
}

/** What is held after everything that can go is gone. */
function settledHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
