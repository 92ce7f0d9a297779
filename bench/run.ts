import { argv, stdout } from 'node:process';
import { benchColdStart } from './cold-start.ts';
import { benchLiveList } from './live-list.ts';
import { benchProxy } from './proxy.ts';
import { type BenchResult, formatResults } from './result.ts';
import { benchServe } from './serve.ts';
import { benchServeLive } from './serve-live.ts';
import { benchSpans } from './spans.ts';
import { benchStore } from './store.ts';
import { benchStoreObjects } from './store-objects.ts';
import { benchStories } from './stories.ts';
import { benchWatchToRows } from './watch-to-rows.ts';

const BENCHES: Readonly<Record<string, () => Promise<BenchResult[]>>> = {
  'watch-to-rows': benchWatchToRows,
  store: benchStore,
  'store-objects': benchStoreObjects,
  stories: benchStories,
  serve: benchServe,
  'serve-live': benchServeLive,
  spans: benchSpans,
  'live-list': benchLiveList,
  'cold-start': benchColdStart,
  proxy: benchProxy,
};

const wanted = argv.length > 2 ? argv.slice(2) : Object.keys(BENCHES);
const results: BenchResult[] = [];
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined)
    throw new Error(`no bench "${name}": there are ${Object.keys(BENCHES).join(', ')}`);
  results.push(...(await bench()));
}
stdout.write(formatResults(results));
