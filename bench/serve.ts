import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { keepUiBuilt } from '../scripts/build-ui.ts';
import { findChromium } from '../scripts/find-chromium.ts';
import { measurePages } from './measure-pages.ts';
import { type BenchResult, formatMegabytes, formatRatio, formatSeconds } from './result.ts';
import { percentile95, type ServedRecord, serveRecord } from './served-record.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const REQUESTS = 200;

/** `hark serve` over a record of a million Events (BENCH_EVENTS: of so many): start, answers, pages. */
export async function benchServe(): Promise<BenchResult[]> {
  await keepUiBuilt();
  const served = await serveRecord(EVENTS);
  const size = `${EVENTS.toLocaleString('en-US')} Events stored`;
  try {
    const results = [...(await benchStart(served, size)), ...(await benchAnswers(served, size))];
    const executablePath = findChromium();
    if (executablePath !== undefined) results.push(...(await benchPages(served, size, executablePath)));
    return [...results, measureBundle()];
  } finally {
    await served.close();
  }
}

/** How long until it answers of the newest, and until it has read all. */
async function benchStart(served: ServedRecord, size: string): Promise<BenchResult[]> {
  await (await fetch(`${served.url}/v1/timeline`)).text();
  const [answered, cpu] = [(performance.now() - served.startedAt) / 1000, served.cpuSeconds()];
  const isReading = async () => (await (await fetch(`${served.url}/readyz`)).text()) !== 'ok\n';
  while (await isReading()) await new Promise((resolve) => setTimeout(resolve, 500));
  const [read, cpuRead] = [(performance.now() - served.startedAt) / 1000, served.cpuSeconds()];
  return [
    {
      what: `start of hark serve to the first timeline (${size})`,
      hark: `${formatSeconds(answered)} (${formatSeconds(cpu)} of processor time)`,
      compared: `to the whole record in memory: ${formatSeconds(read)} (${formatSeconds(cpuRead)}), at most ${formatMegabytes(served.peakBytes())}`,
      ratio: formatRatio(answered / read),
      target: '',
    },
  ];
}

async function benchAnswers(served: ServedRecord, size: string): Promise<BenchResult[]> {
  const json = async (path: string) => (await fetch(served.url + path)).json();
  const { namespaces } = (await json('/v1/facets?limit=50')) as { namespaces: { value: string }[] };
  const { items } = (await json('/v1/stories?limit=200')) as { items: { id: string }[] };
  const words = ['image', 'failed', 'probe', 'volume', 'container'];
  const of = <T>(all: readonly T[], turn: number): T | undefined => all[turn % all.length];
  const cheapest = await measure(served, () => '/healthz');
  const asked: readonly [string, string, (turn: number) => string][] = [
    [
      'a filtered page of Events',
      '< 20 ms',
      (turn) => `/v1/events?type=Warning&namespace=${of(namespaces, turn)?.value}`,
    ],
    ['a story', '< 50 ms', (turn) => `/v1/stories/${encodeURIComponent(of(items, turn)?.id ?? '')}`],
    ['full text', '< 200 ms', (turn) => `/v1/events?text=${of(words, turn)}`],
    ['the timeline of everything', '', () => '/v1/timeline?rows=60'],
  ];
  const results: BenchResult[] = [];
  for (const [what, target, path] of asked) {
    const { p95, cpu } = await measure(served, path);
    results.push({
      what: `${what}, 95th percentile of ${REQUESTS} (${size})`,
      hark: `${p95.toFixed(1)} ms (${cpu.toFixed(1)} ms of the server's processor time each)`,
      compared: `\`/healthz\`: ${cheapest.p95.toFixed(1)} ms (${cheapest.cpu.toFixed(1)} ms)`,
      ratio: formatRatio(p95 / cheapest.p95),
      target,
    });
  }
  return results;
}

/** Milliseconds of requests one after the other, to their last byte. */
async function measure(served: ServedRecord, path: (turn: number) => string) {
  const lengths: number[] = [];
  const before = served.cpuSeconds();
  for (let turn = 0; turn < REQUESTS; turn += 1) {
    const started = performance.now();
    const response = await fetch(served.url + path(turn));
    const text = await response.text();
    if (!response.ok) throw new Error(`${path(turn)}: ${response.status} ${text}`);
    lengths.push(performance.now() - started);
  }
  return { p95: percentile95(lengths), cpu: ((served.cpuSeconds() - before) * 1000) / REQUESTS };
}

async function benchPages(
  served: ServedRecord,
  size: string,
  executablePath: string,
): Promise<BenchResult[]> {
  const { first, blank, frames, ours, blankFrames } = await measurePages(served.url, executablePath);
  return [
    {
      what: `first view in the browser, from the address to drawn rows (${size})`,
      hark: formatSeconds(first / 1000),
      compared: `a blank page of the same server: ${formatSeconds(blank / 1000)}`,
      ratio: formatRatio(first / blank),
      target: '< 1 s',
    },
    {
      what: `frames while zooming and panning, 95th percentile (${size}, drawn without a GPU)`,
      hark: `${percentile95(frames).toFixed(1)} ms, of which script, style and layout: ${ours.toFixed(1)} ms on average`,
      compared: `a blank page: ${percentile95(blankFrames).toFixed(1)} ms`,
      ratio: formatRatio(percentile95(frames) / percentile95(blankFrames)),
      target: '< 16 ms',
    },
  ];
}

/** What a browser loads of the pages, compressed. */
function measureBundle(): BenchResult {
  const folder = fileURLToPath(new URL('../ui/dist/assets', import.meta.url));
  const weigh = (file: string) => gzipSync(readFileSync(file)).length;
  const bytes = readdirSync(folder).reduce((sum, name) => sum + weigh(join(folder, name)), 0);
  const react = dirname(createRequire(import.meta.url).resolve('react-dom'));
  const reactBytes = weigh(join(react, 'cjs/react-dom-client.production.js'));
  return {
    what: 'the pages, compressed',
    hark: `${(bytes / 1000).toFixed(0)} kB`,
    compared: `React's DOM alone, not minified: ${(reactBytes / 1000).toFixed(0)} kB`,
    ratio: formatRatio(bytes / reactBytes),
    target: '< 250 kB',
  };
}
