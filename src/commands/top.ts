import {
  type CountedNoise,
  columnsOf,
  createNoiseCounter,
  NOISE_KEYS,
  type Noise,
  type NoiseKey,
} from '../events/count-noise.ts';
import { formatAge } from '../events/event-age.ts';
import { noiseToJson } from '../events/noise-to-json.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { createStyle } from '../lib/ansi-style.ts';
import { displayWidth } from '../lib/display-width.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { formatJson } from '../lib/format-json.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import { MINUTE, type Micros } from '../lib/time.ts';
import { openSource } from '../sources/open-source.ts';
import { drawHeights } from '../stories/render/draw-bar.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import {
  declareEventFilters,
  type EventFilterOptions,
  listKindWords,
  readEventFilters,
  readForObjects,
} from './event-filters.ts';
import { createSourceNotes, noteEmpty, noteGaps } from './event-notes.ts';
import { askForKinds } from './kind-meanings.ts';
import { declareOwned, type OwnedOptions, openOwnedSource, takesInOwned } from './owned-source.ts';
import { scopeFor } from './parse-objects.ts';
import { parseCount } from './parse-values.ts';
import { printText } from './print.ts';

export interface TopOptions extends EventFilterOptions, OwnedOptions {
  readonly rows?: string;
}

const ROWS = 20;
/** Cells of the bar that shows when. */
const CELLS = 20;
const NARROW_CELLS = 10;
/** Columns of a terminal below which half the cells have to do. */
const NARROW = 100;
const LAYOUT = { padding: 3, minWidth: 0 };
const NARROW_LAYOUT = { padding: 2, minWidth: 0 };

export const command: CommandModule<TopOptions> = {
  outputs: ['table', 'json'],
  examples: [
    ['hark top', 'which reasons make the noise in the namespace'],
    ['hark top objects -A --since 1h', 'which objects do, the last hour'],
    ['hark top components --type Warning', 'who warns most'],
  ],
  declare(parser) {
    parser.argument('[what]', `what to count: ${NOISE_KEYS.join(', ')} (default: reasons)`);
    declareEventFilters(parser);
    declareOwned(parser);
    parser.option('--rows <N>', `so many of the loudest (default: ${ROWS})`);
  },
  async run(context, call) {
    const { options, globals, args } = call;
    const by = readKey(args);
    const dictionary = await askForKinds(listKindWords(options), globals, context);
    const filters = readEventFilters(options, call.now, dictionary);
    const objects = readForObjects(options, dictionary);
    const withOwned = takesInOwned(objects, options);
    const opened = await openSource(context, scopeFor(objects, globals), { objects: withOwned });
    try {
      const noteSource = createSourceNotes(opened, context);
      await noteSource();
      const query = { ...filters, ...opened.scope };
      const source = withOwned ? await openOwnedSource(opened, objects, query, context.signal) : opened;
      const counter = createNoiseCounter(by, query.since, query.until);
      for await (const page of source.reader.readEvents(query, context.signal))
        for (const record of page) counter.add(record);
      await noteSource();
      const counted = counter.finish(isNarrow(context, globals.output) ? NARROW_CELLS : CELLS);
      if (counted.noises.length === 0) await noteEmpty(source, query, listKindWords(options), context);
      else await printText(context.stdout, format(counted, by, call, context.stdout.columns));
      await noteGaps(source, query, context);
      return counted.noises.length === 0 ? EXIT.nothing : EXIT.done;
    } finally {
      await opened.reader.close();
    }
  },
};

function isNarrow({ stdout }: Context, output: string): boolean {
  return output === 'table' && (stdout.columns ?? NARROW) < NARROW;
}

function readKey(args: readonly string[]): NoiseKey {
  const [word = 'reasons', ...more] = args;
  const key = NOISE_KEYS.find((known) => known === word || known === `${word}s`);
  if (key !== undefined && more.length === 0) return key;
  const near = suggestSimilar(word, NOISE_KEYS)[0];
  throw new HarkError(
    'usage',
    `cannot count by "${args.join(' ')}": ${NOISE_KEYS.join(', ')} can be counted`,
    {
      hint: `For example: hark top ${near ?? 'reasons'}`,
    },
  );
}

function format(
  counted: CountedNoise,
  by: NoiseKey,
  call: Call<TopOptions>,
  columns: number | undefined,
): string {
  const rows = call.options.rows === undefined ? ROWS : parseCount(call.options.rows, '--rows');
  const loudest = counted.noises.slice(0, rows);
  if (call.globals.output === 'json') return `${formatJson(noiseToJson(counted, loudest, by), 4)}\n`;
  const table = formatTable(counted, loudest, by, call, true);
  const plain = { ...call, globals: { ...call.globals, color: false } };
  const widest = Math.max(...formatTable(counted, loudest, by, plain, true).split('\n').map(displayWidth));
  return columns === undefined || widest <= columns ? table : formatTable(counted, loudest, by, call, false);
}

/** The column that goes first when a terminal is too narrow. */
const WHEN = 3;

function formatTable(
  { from, to, noises }: CountedNoise,
  loudest: readonly Noise[],
  by: NoiseKey,
  call: Call,
  withWhen: boolean,
): string {
  const style = createStyle(call.globals.color);
  const heads = [
    'COUNT',
    'WARNINGS',
    'PER MIN',
    'WHEN',
    'LAST SEEN',
    ...columnsOf(by).map((name) => name.toUpperCase()),
  ];
  const cells = loudest.map((noise) => [
    String(noise.count),
    String(noise.warnings),
    formatRate(noise, from, to),
    drawHeights(noise.parts),
    formatAge(noise.lastAt, call.now),
    ...noise.key.map((part) => makeSafe(part)),
  ]);
  const [head = '', ...lines] = alignColumns(
    [heads, ...cells].map((row) => (withWhen ? row : row.toSpliced(WHEN, 1))),
    withWhen ? LAYOUT : NARROW_LAYOUT,
  );
  const shown = lines.map((line, index) => {
    const isLoud = (loudest[index]?.warnings ?? 0) * 2 > (loudest[index]?.count ?? 0);
    return isLoud ? style.yellow(line) : line;
  });
  const more = noises.length - loudest.length;
  const rest = more > 0 ? [style.dim(`and ${more} more; --rows ${noises.length} shows all`)] : [];
  return [head, ...shown, ...rest].map((line) => `${line.trimEnd()}\n`).join('');
}

/** How often a minute on average, from the beginning of the time to its end. */
function formatRate({ count }: Noise, from: Micros, to: Micros): string {
  const perMinute = count / Math.max(1, (to - from) / MINUTE);
  return perMinute >= 10 ? perMinute.toFixed(0) : perMinute.toPrecision(2);
}
