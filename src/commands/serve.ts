import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { Cluster } from '../kube/cluster.ts';
import { type Clock, createClock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { parseDuration } from '../lib/parse-duration.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { MicrosLength } from '../lib/time.ts';
import type { MarkedStore } from '../listen/listen-store.ts';
import type { ListeningBoard } from '../server/listening-board.ts';
import type { Server } from '../server/open-server.ts';
import { type Address, checkExposure, readAddress } from '../server/read-address.ts';
import { requireOnePlace } from '../sources/require-one-place.ts';
import type { Store } from '../store/store.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { connectAll, declareListening, type ListenOptions, listenTo, openStore } from './listen.ts';
import { collectList } from './parse-values.ts';
import { printNote } from './print.ts';
import { checkSending } from './send-live.ts';
import {
  checkSendingMetrics,
  declareSendingMetrics,
  type MetricOptions,
  openLiveMetrics,
} from './send-metrics.ts';
import { type AccessFlags, declareAccess, openAudit, readAccess, wantsReview } from './serve-access.ts';

export interface ServeOptions extends ListenOptions, MetricOptions, AccessFlags {
  readonly listen?: Address;
  readonly behindProxy?: true;
  readonly host?: readonly string[];
  readonly play?: MicrosLength;
}

const USUAL_ADDRESS = '127.0.0.1:8471';
/** A token shorter than this can be guessed. */
const SHORTEST_TOKEN = 16;

export const command: CommandModule<ServeOptions> = {
  outputs: ['text'],
  examples: [
    ['hark serve', 'listen to the current cluster and serve at http://127.0.0.1:8471'],
    ['hark serve --contexts prod,staging --retention 30d', 'of two clusters, and keep a month'],
    ['hark serve --from must-gather.tar.gz', 'a dump, to look at'],
    [
      'hark serve --listen 0.0.0.0:8471 --tls-cert-file c.pem --tls-private-key-file k.pem --token-file token',
      'for others, too',
    ],
  ],
  declare(parser) {
    declareListening(parser);
    declareSendingMetrics(parser);
    parser
      .option('--listen <ADDRESS>', `where to serve (default: ${USUAL_ADDRESS})`, readAddress)
      .option('--play <DURATION>', 'with --from: as if it happened now, all of it in so long: 1m', (value) =>
        parseDuration(value, '--play'),
      )
      .option('--behind-proxy', 'a proxy in front encrypts: serve others without TLS')
      .option(
        '--host <NAMES>',
        'names under which the server is asked, beside localhost and IP addresses',
        collectList,
      );
    declareAccess(parser);
  },
  async run(context, call) {
    const { listen: address = readAddress(USUAL_ADDRESS), behindProxy = false } = call.options;
    const token = readToken(call.globals.tokenFile, context);
    const isReviewed = wantsReview(call.options);
    if (isReviewed && token !== undefined) throw tokenAndReview();
    const isEncrypted = call.options.tlsCertFile !== undefined;
    context.program.makeRoom?.();
    checkExposure(address, { tls: isEncrypted, behindProxy, token: token !== undefined || isReviewed });
    checkSending(call.options, context);
    checkSendingMetrics(call.options, context);
    const sends = sendingFlags(call.options);
    if (sends.length > 0 && call.globals.from !== undefined) throw sendsNoFile(sends[0], call.globals.from);
    context.program.spareMemory?.();
    const clock = createClock(context.wallClock);
    const audit = await openAudit(call.options, context);
    const served = await openRecord(context, call, clock);
    try {
      const { trust, setup } = await readAccess(call.options, served.connected, context, clock);
      const { createListeningBoard } = await import('../server/listening-board.ts');
      const { openServer } = await import('../server/open-server.ts');
      const board = createListeningBoard(served.clusters.map(({ name }) => name));
      const { store, standsStill } = served;
      const { host: hosts = [] } = call.options;
      const server = await openServer({
        store,
        standsStill,
        clock,
        version: packageJson.version,
        address,
        board,
        tls: trust.tls,
        token,
        access: setup,
        audit,
        hosts,
        pages: context.program.pages,
        report: (error) => {
          context.stderr.stream.write(`hark: a request failed: ${error.stack ?? error.message}\n`);
        },
      });
      await printNote(context, `Hark is at ${server.url}`);
      const running = server.run(context.signal);
      if (sends.some((flag) => flag !== '--otlp-metrics') && served.writer === undefined)
        await printNote(context, sends.includes('--otlp-metrics') ? SENDS_METRICS : SENDS_NOTHING);
      const listening = listenBeside(served, board, context, call, clock);
      const sending = sendMetrics(server, served, board, context, call, clock);
      await Promise.all([running, listening, sending, playUntilStopped(served, context)]);
    } finally {
      await served.close();
    }
    return EXIT.done;
  },
};

interface OpenedRecord {
  readonly store: Store;
  readonly standsStill: boolean;
  /** Undefined: nothing is listened to. */
  readonly writer: MarkedStore | undefined;
  readonly clusters: readonly Cluster[];
  /** Those, and those that another process listens to: what they may be asked. */
  readonly connected: readonly Cluster[];
  /** Plays a file into the store. */
  readonly play: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly file: string;
  close(): Promise<void>;
}

async function openRecord(context: Context, call: Call<ServeOptions>, clock: Clock): Promise<OpenedRecord> {
  if (call.options.play !== undefined && call.globals.from === undefined) throw playsNothing();
  requireOnePlace(call.globals);
  if (call.globals.from !== undefined) {
    const { openImported } = await import('../sources/open-imported.ts');
    const { play: length } = call.options;
    const wish = length === undefined ? undefined : { length, clock };
    const { store, notes, play } = await openImported(context, call.globals.from, wish);
    for (const note of notes) await printNote(context, note);
    return {
      store,
      standsStill: true,
      writer: undefined,
      clusters: [],
      connected: [],
      play,
      file: call.globals.from,
      close: () => store.close(),
    };
  }
  const [{ findStoreFile }, { openSqliteStore }] = await Promise.all([
    import('../store/find-store-file.ts'),
    import('../store/sqlite/open-sqlite-store.ts'),
  ]);
  const file = findStoreFile(call.globals.store, context.env, context.cwd);
  const clusters = await connectOrTell(context, call, clock);
  const writer = clusters.length === 0 ? undefined : await openWriter(file, context);
  try {
    const store = openSqliteStore({ file, mode: 'read' });
    return {
      store,
      standsStill: false,
      writer,
      clusters: writer === undefined ? [] : clusters,
      connected: clusters,
      play: undefined,
      file,
      async close() {
        await store.close();
        await writer?.close();
        for (const cluster of clusters) cluster.close();
      },
    };
  } catch (error) {
    await writer?.close();
    for (const cluster of clusters) cluster.close();
    throw error;
  }
}

/** The clusters to listen to. When none was named and there is no kubeconfig, the record is served all the same. */
async function connectOrTell(context: Context, call: Call<ServeOptions>, clock: Clock): Promise<Cluster[]> {
  try {
    return await connectAll(context, call, clock);
  } catch (error) {
    const { kubeconfig, context: name } = call.globals;
    const isNamed = kubeconfig !== undefined || name !== undefined || call.options.contexts !== undefined;
    if (isNamed || !(error instanceof HarkError)) throw error;
    await printNote(context, `Serving the record alone: ${error.message}.`);
    return [];
  }
}

/** Where another process listens into the same store, what it stores is served. */
async function openWriter(file: string, context: Context): Promise<MarkedStore | undefined> {
  try {
    return await openStore(file, context);
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'store-in-use') throw error;
    await printNote(context, `${error.message}. Serving what it stores, without listening.`);
    return undefined;
  }
}

/** Plays the file, if one is played. Who stops Hark in the middle of it has stopped a server, which is done then. */
async function playUntilStopped({ play }: OpenedRecord, { signal }: Context): Promise<void> {
  try {
    await play?.(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What ends the listening does not end the serving. */
async function listenBeside(
  { writer: store, clusters, file }: OpenedRecord,
  board: Pick<ListeningBoard, 'take' | 'sends'>,
  context: Context,
  call: Call<ServeOptions>,
  clock: Clock,
): Promise<void> {
  if (store === undefined) return;
  try {
    await listenTo({ clusters, store, file }, context, call, clock, board.take, board.sends);
  } catch (error) {
    if (!(error instanceof HarkError) || context.signal.aborted) throw error;
    await printNote(context, `${error.message}. Nothing is listened to any more; the record is served on.`);
  }
}

/** Sends what the server counts, where that was asked for; whether it listens or not. */
async function sendMetrics(
  { readTotals }: Pick<Server, 'readTotals'>,
  { store }: OpenedRecord,
  board: Pick<ListeningBoard, 'sends'>,
  context: Context,
  call: Call<ServeOptions>,
  clock: Clock,
): Promise<void> {
  const note = (text: string) => context.stderr.stream.write(`hark: warning: OTLP: ${makeSafe(text)}\n`);
  const sender = await openLiveMetrics(call.options, readTotals, store, clock, context, note);
  if (sender === undefined) return;
  board.sends(sender.counts);
  await printNote(context, sender.says);
  try {
    await sender.run(context.signal);
  } finally {
    await sender.close();
  }
}

/** Who writes the store knows what it has sent. */
const SENDS_NOTHING =
  'Nothing is sent over OTLP: that is done by who listens and stores. Give --otlp to that hark listen';

const SENDS_METRICS =
  'Of OTLP only metrics are sent: traces and logs are sent by who listens and stores. Give --otlp to that hark listen';

/** The flags given that say that something is sent. */
function sendingFlags({ otlp, otlpLogs, otlpMetrics }: ServeOptions): string[] {
  const flags = { '--otlp': otlp, '--otlp-logs': otlpLogs, '--otlp-metrics': otlpMetrics };
  return Object.entries(flags)
    .filter(([, value]) => value !== undefined)
    .map(([flag]) => flag);
}

function sendsNoFile(flag = '--otlp', from = ''): HarkError {
  return new HarkError('usage', `${flag} sends what is listened to, and --from "${from}" is a file`, {
    hint: `To send what a file tells: hark trace -A --from ${from} --otlp URL`,
  });
}

function playsNothing(): HarkError {
  return new HarkError('usage', '--play plays a file: --from is missing', {
    hint: 'For example: hark serve --from night.jsonl.gz --play 1m',
  });
}

function tokenAndReview(): HarkError {
  return new HarkError(
    'usage',
    '--token-file and --authorization-mode "Webhook" exclude each other: with the latter everyone brings a token of their own',
    { hint: 'Leave --token-file away.' },
  );
}

function readToken(tokenFile: string | undefined, context: Context): string | undefined {
  if (tokenFile === undefined) return undefined;
  const token = readText(tokenFile, '--token-file', context).trim();
  if (token.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new HarkError(
    'usage',
    `--token-file "${tokenFile}" holds no token: at least ${SHORTEST_TOKEN} letters without spaces are wanted`,
    { hint: `Make one: openssl rand -hex 32 > ${tokenFile}` },
  );
}

function readText(path: string, flag: string, { cwd }: Context): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw new HarkError('usage', `cannot read ${flag} "${path}"`, { cause: error });
  }
}
