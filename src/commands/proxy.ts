import { resolve } from 'node:path';
import type { Cluster } from '../kube/cluster.ts';
import type { ChangesMode } from '../kube/watched-kinds.ts';
import { type Clock, createClock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { parseDuration } from '../lib/parse-duration.ts';
import { type MicrosLength, SECOND } from '../lib/time.ts';
import type { MarkedStore } from '../listen/listen-store.ts';
import type { FindAnswerer, ProxyAddress } from '../proxy/open-proxy.ts';
import type { Upstream } from '../proxy/open-upstream.ts';
import { DEFAULT_RULES, type ProxyRules, parseExpressions } from '../proxy/proxy-rules.ts';
import { isLoopback } from '../server/read-address.ts';
import type { Store } from '../store/store.ts';
import type { Call, CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { declareKeeping, listenTo, openStore } from './listen.ts';
import { printNote, printText } from './print.ts';

export interface ProxyOptions {
  readonly port?: number;
  readonly address?: string;
  readonly unixSocket?: string;
  readonly acceptHosts?: readonly RegExp[];
  readonly acceptPaths?: readonly RegExp[];
  readonly rejectPaths?: readonly RegExp[];
  readonly rejectMethods?: readonly RegExp[];
  readonly disableFilter?: true;
  readonly apiPrefix?: string;
  readonly keepalive?: MicrosLength;
  readonly deleted?: true;
  /** False with `--no-listen`. */
  readonly listen: boolean;
  readonly retention?: MicrosLength;
  readonly maxSize?: number;
  readonly changes?: ChangesMode;
}

const USUAL_PORT = 8001;
const USUAL_HOST = '127.0.0.1';

export const command: CommandModule<ProxyOptions> = {
  outputs: ['text'],
  withoutFlags: [
    '--from',
    '--server',
    '--token-file',
    '--now',
    '--output',
    '--namespace',
    '--all-namespaces',
  ],
  examples: [
    ['hark proxy', 'then: kubectl --server http://127.0.0.1:8001 describe pod web-0'],
    ['hark proxy --port 0 --no-listen', 'on a free port, with what hark listen stores'],
    ['hark proxy --deleted', 'get and describe show objects that are gone, too'],
  ],
  declare(parser) {
    parser
      .option('-p, --port <PORT>', `where to serve; 0 for a free one (default: ${USUAL_PORT})`, parsePort)
      .option('--address <ADDRESS>', `of this machine's loopback (default: ${USUAL_HOST})`, parseAddress)
      .option('-u, --unix-socket <FILE>', 'serve on a socket instead, which you alone can open')
      .option('--deleted', 'get and describe show objects that are gone, from the record')
      .option('--no-listen', 'store nothing: show what hark listen has stored, and the live Events');
    declareKeeping(parser);
    for (const [name, flag, what] of RULE_FLAGS)
      parser.option(`${flag} <REGEXPS>`, `${what} (default: ${DEFAULT_RULES[name]})`, (text) =>
        parseExpressions(text, flag),
      );
    parser
      .option('--disable-filter', 'let every host, path and method through: any page in your browser, too')
      .option('--api-prefix <PATH>', 'serve the API below this path (default: /)', parsePrefix)
      .option(
        '--keepalive <DURATION>',
        'try silent connections to the API server so often; 0 for never (default: 30s)',
        (text) => parseDuration(text, '--keepalive'),
      )
      .addOption(parser.createOption('--append-server-path', 'is always done').hideHelp())
      .addOption(parser.createOption('-w, --www <FOLDER>').hideHelp().argParser(refuseFiles))
      .addOption(parser.createOption('-P, --www-prefix <PATH>').hideHelp().argParser(refuseFiles));
  },
  async run(context, call) {
    checkFlags(call);
    const clock = createClock(context.wallClock);
    const { connectWithGate } = await import('../kube/connect.ts');
    const { cluster, gate } = await connectWithGate({
      kubeconfig: call.globals.kubeconfig,
      context: call.globals.context,
      env: context.env,
      cwd: context.cwd,
      onPluginOutput: (text) => context.stderr.stream.write(text),
      clock,
    });
    const record = await openRecord(context, call).catch((error) => {
      cluster.close();
      throw error;
    });
    try {
      const { openProxy } = await import('../proxy/open-proxy.ts');
      const { keepalive: keepAlive = DEFAULT_KEEP_ALIVE, apiPrefix: prefix = '/' } = call.options;
      const upstream = { gate, clock, keepAlive };
      const proxy = await openProxy({
        address: addressOf(call.options, context.cwd),
        upstream,
        rules: rulesOf(call.options),
        prefix,
        findAnswerer: record.store && (await findAnswerers(record.store, cluster, upstream, call.options)),
        report: (error) => context.stderr.stream.write(`hark: a request failed: ${String(error)}\n`),
      });
      if (call.options.disableFilter && call.options.unixSocket === undefined)
        await printNote(
          context,
          'Request filter disabled: any page that your browser shows can use your credentials.',
        );
      await printText(context.stdout, `Starting to serve on ${proxy.place}\n`);
      await Promise.all([proxy.run(context.signal), listenBeside(record, cluster, context, call, clock)]);
    } finally {
      cluster.close();
      await record.store?.close();
      await record.writer?.close();
    }
    return EXIT.done;
  },
};

const DEFAULT_KEEP_ALIVE = 30 * SECOND;

/** The flags of kubectl's rules, and what they say. */
const RULE_FLAGS = [
  ['acceptHosts', '--accept-hosts', 'the names it may be asked by, several separated by commas'],
  ['acceptPaths', '--accept-paths', 'the paths that are let through'],
  ['rejectPaths', '--reject-paths', 'the paths that are not, though accepted'],
  ['rejectMethods', '--reject-methods', 'the HTTP methods that are not let through'],
] as const;

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new HarkError('usage', `--port "${text}" is no port: a number from 0 to 65535 is wanted`, {
    hint: `For example: --port ${USUAL_PORT}, or --port 0 for a free one`,
  });
}

/** Others could use the user's credentials: unlike kubectl's, this proxy serves nobody else. */
function parseAddress(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (isLoopback({ host, port: 0 })) return host;
  throw new HarkError(
    'usage',
    `--address "${text}" can be reached by others, who would use your credentials: an address of this machine alone is wanted`,
    {
      hint: `Stay on ${USUAL_HOST}, and let others in by ssh: ssh -L 8001:127.0.0.1:8001 THIS-MACHINE; or show them the record: hark serve`,
    },
  );
}

function parsePrefix(text: string): string {
  if (text.startsWith('/')) return text.endsWith('/') ? text : `${text}/`;
  throw new HarkError('usage', `--api-prefix "${text}" is no path: it begins with a slash`, {
    hint: `For example: --api-prefix /${text}`,
  });
}

function refuseFiles(folder: string): never {
  throw new HarkError(
    'usage',
    `hark proxy serves no files: --www and --www-prefix ("${folder}") are kubectl proxy's alone`,
    {
      hint: 'Serve them with any web server, or with kubectl proxy',
    },
  );
}

function checkFlags({ globals, options }: Call<ProxyOptions>): void {
  if (globals.from !== undefined || globals.server !== undefined) {
    const flag = globals.from === undefined ? `--server "${globals.server}"` : `--from "${globals.from}"`;
    throw new HarkError('usage', `hark proxy hands requests on to a cluster: ${flag} has no place here`, {
      hint: 'Name the cluster by --context NAME',
    });
  }
  if (options.unixSocket !== undefined && (options.port ?? options.address) !== undefined)
    throw new HarkError('usage', '--unix-socket and --port or --address exclude each other', {
      hint: 'Each says where to serve: leave one away.',
    });
  const keeping = [options.retention, options.maxSize, options.changes];
  if (!options.listen && keeping.some((value) => value !== undefined))
    throw new HarkError(
      'usage',
      '--no-listen stores nothing: --retention, --max-size and --changes have no place beside it',
      {
        hint: 'They belong to who stores: hark listen --retention 30d',
      },
    );
}

function addressOf(
  { unixSocket, address: host = USUAL_HOST, port = USUAL_PORT }: ProxyOptions,
  cwd: string,
): ProxyAddress {
  return unixSocket === undefined ? { host, port } : { socket: resolve(cwd, unixSocket) };
}

function rulesOf(options: ProxyOptions): ProxyRules | undefined {
  if (options.disableFilter) return undefined;
  const read = (name: keyof ProxyRules) => options[name] ?? parseExpressions(DEFAULT_RULES[name], name);
  return {
    acceptHosts: read('acceptHosts'),
    acceptPaths: read('acceptPaths'),
    rejectPaths: read('rejectPaths'),
    rejectMethods: read('rejectMethods'),
  };
}

/** Who answers what is not simply handed on. */
async function findAnswerers(
  store: Store,
  cluster: Cluster,
  upstream: Upstream,
  { deleted }: ProxyOptions,
): Promise<FindAnswerer> {
  const [{ createEventAnswerer }, { createDeletedAnswerer }, { createHistory }] = await Promise.all([
    import('../proxy/events/answer-events.ts'),
    import('../proxy/deleted/answer-deleted.ts'),
    import('../proxy/open-history.ts'),
  ]);
  const openHistory = createHistory(cluster, store, upstream.clock);
  const findEvents = createEventAnswerer(upstream, openHistory);
  const findDeleted = deleted ? createDeletedAnswerer(upstream, openHistory) : undefined;
  return (target, asked) => findEvents(target, asked) ?? findDeleted?.(target, asked);
}

interface OpenedRecord {
  /** Undefined: there is none, and none is made. */
  readonly store: Store | undefined;
  /** Undefined: this process does not listen. */
  readonly writer: MarkedStore | undefined;
  readonly file: string;
}

async function openRecord(context: Context, call: Call<ProxyOptions>): Promise<OpenedRecord> {
  const { openRecord: openToRead } = await import('../sources/open-record.ts');
  if (!call.options.listen) {
    const { store, file, trouble } = await openToRead(context, call.globals.store);
    if (trouble !== undefined) await printNote(context, trouble);
    else if (store === undefined)
      await printNote(context, `There is no record at ${file}: only live Events are shown.`);
    return { store, writer: undefined, file };
  }
  const { findStoreFile } = await import('../store/find-store-file.ts');
  const file = findStoreFile(call.globals.store, context.env, context.cwd);
  const writer = await openWriter(file, context);
  try {
    const { store } = await openToRead(context, file);
    return { store, writer, file };
  } catch (error) {
    await writer?.close();
    throw error;
  }
}

/** Where another process listens into the same store, what it stores is shown. */
async function openWriter(file: string, context: Context): Promise<MarkedStore | undefined> {
  try {
    return await openStore(file, context);
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'store-in-use') throw error;
    await printNote(context, `${error.message} Showing what it stores, without listening.`);
    return undefined;
  }
}

/** What ends the listening does not end the proxy. */
async function listenBeside(
  { writer: store, file }: OpenedRecord,
  cluster: Cluster,
  context: Context,
  call: Call<ProxyOptions>,
  clock: Clock,
): Promise<void> {
  if (store === undefined) return;
  try {
    await listenTo({ clusters: [cluster], store, file }, context, call, clock);
  } catch (error) {
    if (!(error instanceof HarkError) || context.signal.aborted) throw error;
    await printNote(context, `${error.message}. Nothing is stored any more; the proxy goes on.`);
  }
}
