import type { Command } from 'commander';
import type { Cluster } from '../kube/cluster.ts';
import type { ChangesMode } from '../kube/watched-kinds.ts';
import { type Clock, createClock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { parseDuration } from '../lib/parse-duration.ts';
import { parseSize } from '../lib/parse-size.ts';
import { MILLISECOND, type MicrosLength } from '../lib/time.ts';
import type { Report } from '../listen/feed.ts';
import type { MarkedStore } from '../listen/listen-store.ts';
import { describeCounts } from '../send/describe-counts.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { collectList } from './parse-values.ts';
import {
  checkSending,
  declareSending,
  type LiveSender,
  openLiveSender,
  type SendOptions,
} from './send-live.ts';

export interface ListenOptions extends SendOptions {
  readonly contexts?: readonly string[];
  readonly retention?: MicrosLength;
  readonly maxSize?: number;
  readonly changes?: ChangesMode;
}

/** What each reads of Pods, Deployments and the like. */
const CHANGES: Readonly<Record<ChangesMode, string>> = {
  none: 'nothing',
  metadata: 'their metadata',
  full: 'them whole',
};

export const command: CommandModule<ListenOptions> = {
  outputs: ['text'],
  withoutFlags: ['--from', '--now', '--output'],
  examples: [
    ['hark listen', 'to the current cluster, until Ctrl-C'],
    ['hark listen --contexts prod,staging --retention 30d', 'to two, and keep a month'],
    ['hark listen -n shop --store shop.db --max-size 2Gi', 'to one namespace, into a file of its own'],
  ],
  declare: declareListening,
  async run(context, call) {
    if (call.globals.from !== undefined) throw fromFile(call.globals.from);
    context.program.spareMemory?.();
    checkSending(call.options, context);
    const clock = createClock(context.wallClock);
    const clusters = await connectAll(context, call, clock);
    try {
      const { findStoreFile } = await import('../store/find-store-file.ts');
      const file = findStoreFile(call.globals.store, context.env, context.cwd);
      const store = await openStore(file, context);
      try {
        await listenTo({ clusters, store, file }, context, call, clock);
      } finally {
        await store.close();
      }
    } finally {
      for (const cluster of clusters) cluster.close();
    }
    return EXIT.done;
  },
};

/** Declares the flags that say what is listened to and what is kept. */
export function declareListening(parser: Command): void {
  parser.option(
    '--contexts <NAMES>',
    'kubeconfig contexts to listen to, comma-separated (default: the current one)',
    collectList,
  );
  declareKeeping(parser);
}

/** Declares the flags that say what is kept of one cluster. */
export function declareKeeping(parser: Command): void {
  parser
    .option(
      '--retention <DURATION>',
      'forget what was last seen longer ago, 30d for example (default: keep all)',
      (value) => parseDuration(value, '--retention'),
    )
    .option(
      '--max-size <SIZE>',
      'forget the oldest when the store grows beyond, 10Gi for example (default: no limit)',
      (value) => parseSize(value, '--max-size'),
    )
    .option(
      '--changes <none|metadata|full>',
      'what is told of objects: nothing, what their metadata tells, or exit codes and images too (default: full, as far as permissions go)',
      parseChanges,
    );
  declareSending(parser);
}

/** The clusters of the contexts named; not asked yet. */
export async function connectAll(
  context: Context,
  call: Call<ListenOptions>,
  clock: Clock,
): Promise<Cluster[]> {
  const { connect } = await import('../kube/connect.ts');
  const { kubeconfig, context: one } = call.globals;
  const { contexts = [one] } = call.options;
  if (one !== undefined && call.options.contexts !== undefined) throw contextTwice();
  const clusters: Cluster[] = [];
  for (const name of new Set(contexts)) {
    const onPluginOutput = (text: string) => context.stderr.stream.write(text);
    clusters.push(
      await connect({ kubeconfig, context: name, env: context.env, cwd: context.cwd, onPluginOutput, clock }),
    );
  }
  return clusters;
}

/** What is listened to, and where it is stored. */
export interface Listening {
  readonly clusters: readonly Cluster[];
  readonly store: MarkedStore;
  readonly file: string;
}

/**
 * Listens until the context's signal aborts, and shows on stderr how it goes. The store stays open.
 *
 * @param onReport is told of all that is shown, and more
 * @param onSending is told of what is counted of what is sent, when it is
 */
export async function listenTo(
  { clusters, store, file }: Listening,
  context: Context,
  call: Call<ListenOptions>,
  clock: Clock,
  onReport: Report = () => {},
  onSending: (counts: LiveSender['counts']) => void = () => {},
): Promise<void> {
  const [{ listen }, { createClusterFeed }, { showListening }] = await Promise.all([
    import('../listen/listen.ts'),
    import('../listen/cluster-feed.ts'),
    import('../listen/show-listening.ts'),
  ]);
  const { namespace, allNamespaces } = call.globals;
  const { retention: age, maxSize: bytes, changes = 'full' } = call.options;
  const names = clusters.map(({ name }) => name);
  const display = showListening({
    write: (text) => context.stderr.stream.write(text),
    columns: () => context.stderr.columns,
    clock,
    feeds: names,
  });
  const namespaces = allNamespaces || namespace === undefined ? undefined : collectList(namespace);
  display.log(
    `listening to ${names.join(', ')}${namespaces === undefined ? '' : `, namespace ${namespaces.join(', ')}`}; storing in ${file}`,
  );
  const listened = new AbortController();
  const log = (text: string) => display.log(`warning: OTLP: ${text}`);
  const sender = await openLiveSender(call.options, file, store, clock, context, log);
  if (sender !== undefined) {
    display.log(sender.says);
    onSending(sender.counts);
  }
  const sending = sender?.run(AbortSignal.any([context.signal, listened.signal]));
  // Told when the listening ends.
  sending?.catch(() => {});
  try {
    await listen({
      feeds: clusters.map((cluster) => createClusterFeed(cluster, clock, namespaces, changes)),
      store,
      retention: { ...(age === undefined ? {} : { age }), ...(bytes === undefined ? {} : { bytes }) },
      clock,
      random: Math.random,
      signal: context.signal,
      report(report) {
        onReport(report);
        display.report(report);
      },
    });
    listened.abort();
    await sending;
    if (sender !== undefined) display.log(`OTLP: ${describeCounts(sender.counts)}`);
  } finally {
    listened.abort();
    await sending?.catch(() => {});
    await sender?.close();
    display.close();
  }
}

/** In a thread of its own, where there is one to be had: so that receiving and storing go on at the same time. */
export async function openStore(file: string, context: Context): Promise<MarkedStore> {
  const since = context.wallClock() / MILLISECOND;
  const { pid } = context.program;
  if (context.program.storeWorker !== undefined) {
    const { openStoreThread } = await import('../listen/open-store-thread.ts');
    return await openStoreThread(context.program.storeWorker, { file, since, pid });
  }
  const { openSqliteStore } = await import('../store/sqlite/open-sqlite-store.ts');
  return openSqliteStore({ file, mode: 'write', since, pid });
}

export function parseChanges(value: string): ChangesMode {
  if (Object.hasOwn(CHANGES, value)) return value as ChangesMode;
  const hint = `Use one of ${Object.entries(CHANGES)
    .map(([mode, what]) => `${mode} (reads ${what})`)
    .join(', ')}.`;
  throw new HarkError('usage', `--changes takes none, metadata or full, not "${value}"`, { hint });
}

function fromFile(from: string): HarkError {
  return new HarkError('usage', `hark listen hears clusters, not files: --from "${from}" has no place here`, {
    hint: `To put a file into the store: hark import ${from}`,
  });
}

function contextTwice(): HarkError {
  return new HarkError('usage', '--context and --contexts exclude each other', {
    hint: 'Name all contexts in --contexts a,b',
  });
}
