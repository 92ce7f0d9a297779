import type { DumpSummary } from '../dumps/dump.ts';
import { tellSummary } from '../dumps/tell-summary.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { quoteWord } from '../lib/quote-word.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { MILLISECOND } from '../lib/time.ts';
import { openInput } from '../sources/file-source.ts';
import { type ImportResult, type ImportTotal, importDump } from '../sources/import-dump.ts';
import type { Store } from '../store/store.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { printNote, printText } from './print.ts';
import { createProgress } from './progress-line.ts';

export interface ImportCommandOptions {
  readonly cluster?: string;
}

export const command: CommandModule<ImportCommandOptions> = {
  outputs: ['text', 'json'],
  withoutFlags: ['--from', '--now'],
  examples: [
    ['hark import events.json', 'what kubectl get events -A -o json saved'],
    ['hark import must-gather.tar.gz support-bundle/', 'dumps of any kind, packed or not'],
    ['hark import --cluster prod night.jsonl.gz', 'of a cluster that the file does not name'],
    ['kubectl get events -A -o json | hark import -', 'from standard input'],
  ],
  declare(parser) {
    parser
      .argument('<file...>', 'files and directories of any form that --from reads; - for stdin')
      .option(
        '--cluster <NAME>',
        'the cluster they are of, where they do not tell: its name in the store, or a new one',
      );
  },
  async run(context, call) {
    if (call.globals.from !== undefined) throw fromFlag(call.globals.from);
    const store = await openStore(context, call);
    try {
      const results: NamedResult[] = [];
      try {
        for (const name of call.args)
          results.push({ name, ...(await importOne(name, store, context, call)) });
      } finally {
        // What was taken in before a file failed is in the store.
        await tellResults(results, context, call.globals.output);
        await tellHowToRead(results, context, call);
      }
      return results.some(({ summary, told }) => summary.sightings + told > 0) ? EXIT.done : EXIT.nothing;
    } finally {
      await store.close();
    }
  },
};

type NamedResult = ImportResult & { readonly name: string };

async function openStore(context: Context, call: Call): Promise<Store> {
  const [{ openSqliteStore }, { findStoreFile }] = await Promise.all([
    import('../store/sqlite/open-sqlite-store.ts'),
    import('../store/find-store-file.ts'),
  ]);
  const file = findStoreFile(call.globals.store, context.env, context.cwd);
  const since = context.wallClock() / MILLISECOND;
  return openSqliteStore({ file, mode: 'write', since, pid: context.program.pid });
}

async function importOne(
  name: string,
  store: Store,
  context: Context,
  call: Call<ImportCommandOptions>,
): Promise<ImportResult> {
  const progress = createProgress(context);
  try {
    return await importDump(openInput(name, context), store, {
      name,
      cluster: call.options.cluster,
      namespace: call.globals.namespace,
      signal: context.signal,
      onProgress: (sightings) => progress.show(`${makeSafe(name)}: ${count(sightings, 'Event')}…`),
    });
  } finally {
    progress.clear();
  }
}

async function tellResults(results: readonly NamedResult[], context: Context, output: string): Promise<void> {
  for (const { name, summary } of results)
    for (const line of tellSummary(name, summary, { objects: true }))
      await printNote(context, makeSafe(line));
  if (output === 'json') {
    const files = results.map(({ name, total, summary, clusters }) => ({
      file: name,
      clusters,
      ...total,
      unreadable: summary.unreadable,
      files: summary.files,
      filesWithEvents: summary.filesWithEvents,
    }));
    return await printText(context.stdout, `${JSON.stringify(files, null, 2)}\n`);
  }
  for (const { name, total, summary } of results)
    await printText(
      context.stdout,
      `${makeSafe(name)}: ${formatTotal(total)}; ${formatUnreadable(summary)}\n`,
    );
}

/** While the kubeconfig's own cluster answers, what was imported is read by its name. */
async function tellHowToRead(results: readonly NamedResult[], context: Context, call: Call): Promise<void> {
  const names = new Set(results.flatMap(({ clusters }) => clusters.map(({ name }) => name)));
  const store = call.globals.store === undefined ? '' : ` --store ${quoteWord(call.globals.store)}`;
  for (const name of names) {
    const command = `${context.program.name} events -A --context ${quoteWord(name)}${store}`;
    await printNote(context, makeSafe(`To read it: ${command}`));
  }
}

const NUMBER = new Intl.NumberFormat('en-US');

/** `added 512 Events, 3,011 repeats, 3 objects, 12 changes; 20 known already`. */
function formatTotal({ added, repeats, updated, unchanged, objects, changes }: ImportTotal): string {
  const beside = objects + changes > 0 ? `, ${count(objects, 'object')}, ${count(changes, 'change')}` : '';
  const parts = [`added ${count(added, 'Event')}, ${count(repeats, 'repeat')}${beside}`];
  if (updated > 0) parts.push(`${NUMBER.format(updated)} seen in a later state`);
  if (unchanged > 0) parts.push(`${NUMBER.format(unchanged)} known already`);
  return parts.join('; ');
}

function formatUnreadable({ unreadable }: DumpSummary): string {
  return `${NUMBER.format(unreadable)} unreadable`;
}

function count(number: number, noun: string): string {
  return `${NUMBER.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function fromFlag(from: string): HarkError {
  return new HarkError('usage', `hark import takes files as they are: --from "${from}" has no place here`, {
    hint: `Leave the flag away: hark import ${from}`,
  });
}
