import { get, type IncomingMessage } from 'node:http';
import { type BenchResult, formatMegabytes, formatRate, formatRatio } from './result.ts';
import { CLUSTER, makeSightings, type ServedRecord, serveRecord } from './served-record.ts';

const READERS = 200;
const PER_SECOND = 2_000;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
/** Batches a second, as a listener writes them. */
const BATCHES = 4;

interface Measured {
  readonly bytes: number;
  readonly perSecond: number;
  readonly readersLeft: number;
  readonly sentPerSecond: number;
  readonly cores: number;
}

/** The memory of `hark serve` while two hundred read what is new and two thousand Events a second are stored, and while nobody reads. */
export async function benchServeLive(): Promise<BenchResult[]> {
  const alone = await measure(0);
  const read = await measure(READERS);
  return [
    {
      what: `memory of hark serve after ${SECONDS} s with ${READERS} live readers (ten of everything, the others of a namespace each) and ${formatRate(read.perSecond)} Events: ${read.readersLeft} readers left, ${formatMegabytes(read.sentPerSecond)} a second sent, ${read.cores.toFixed(2)} cores`,
      hark: formatMegabytes(read.bytes),
      compared: `without readers, at ${formatRate(alone.perSecond)}: ${formatMegabytes(alone.bytes)}, ${alone.cores.toFixed(2)} cores`,
      ratio: formatRatio(read.bytes / alone.bytes),
      target: 'flat',
    },
  ];
}

async function measure(readers: number): Promise<Measured> {
  const served = await serveRecord(1_000);
  const responses: { destroy(): void }[] = [];
  let heardBytes = 0;
  try {
    while ((await (await fetch(`${served.url}/readyz`)).text()) !== 'ok\n')
      await new Promise((resolve) => setTimeout(resolve, 100));
    const namespaces = namespacesOf(PER_SECOND * SECONDS);
    for (let reader = 0; reader < readers; reader += 1) {
      // As people do: most look at what is theirs, some at everything.
      const filter = reader % 20 === 0 ? '' : `&namespace=${namespaces[reader % namespaces.length]}`;
      const response = await open(`${served.url}/v1/live?only=events${filter}`);
      response.on('data', (chunk: Buffer) => {
        heardBytes += chunk.length;
      });
      responses.push(response);
    }
    const cpuBefore = served.cpuSeconds();
    const started = performance.now();
    const { written, bytes } = await writeEvents(served, started);
    const seconds = (performance.now() - started) / 1000;
    const cores = (served.cpuSeconds() - cpuBefore) / seconds;
    const metrics = await (await fetch(`${served.url}/metrics`)).text();
    return {
      bytes,
      perSecond: written / seconds,
      readersLeft: Number(/^hark_live_readers (\d+)$/m.exec(metrics)?.[1]),
      sentPerSecond: heardBytes / seconds,
      cores,
    };
  } finally {
    for (const response of responses) response.destroy();
    await served.close();
  }
}

/** Stores so many Events a second. @returns how many, and the most memory of the last third of the time */
async function writeEvents(
  served: ServedRecord,
  started: number,
): Promise<{ written: number; bytes: number }> {
  const sizes: number[] = [];
  let written = 0;
  for (const sightings of makeSightings(PER_SECOND * SECONDS, PER_SECOND / BATCHES)) {
    await served.store.write({ cluster: CLUSTER, sightings });
    written += sightings.length;
    sizes.push(served.bytes());
    const wait = started + (sizes.length * 1000) / BATCHES - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (sizes.length === SECONDS * BATCHES) break;
  }
  return { written, bytes: Math.max(...sizes.slice((2 * sizes.length) / 3)) };
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, (response) => resolve(response.on('error', () => {}))).on('error', reject);
  });
}

function namespacesOf(events: number): string[] {
  const found = new Set<string>();
  for (const sightings of makeSightings(Math.min(events, 20_000)))
    for (const { event } of sightings) found.add(event.namespace);
  return [...found];
}
