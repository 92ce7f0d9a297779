import { createHash } from 'node:crypto';
import type { Agent } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { chooseProxy } from './choose-proxy.ts';
import type { ApiRequest, ApiResponse, Cluster } from './cluster.ts';
import { type Identity, openCredentials } from './credentials.ts';
import type { Gate } from './gate.ts';
import { readInCluster } from './in-cluster.ts';
import { measureLink } from './measure-link.ts';
import { openAgent, readTrustedCa } from './open-agent.ts';
import { type PickedContext, pickContext } from './pick-context.ts';
import { findKubeconfigFiles, readKubeconfig } from './read-kubeconfig.ts';
import { sendRequest } from './send-request.ts';

export interface ConnectOptions {
  /** The value of `--kubeconfig`. */
  readonly kubeconfig?: string | undefined;
  /** The value of `--context`; default the kubeconfig's current one. */
  readonly context?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths start from. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Given what an exec plugin writes to its stderr: how to log in, mostly. */
  readonly onPluginOutput?: (text: string) => void;
  /** Whether an exec plugin may ask the person at the terminal; default false. */
  readonly interactive?: boolean;
  /** Where a Pod's service account is mounted. */
  readonly serviceAccountFolder?: string;
}

/**
 * Opens a cluster: the one of a kubeconfig's context, found, merged and read as kubectl does, or the one this process is a Pod of. Nothing is
 * sent yet, so it succeeds for a cluster that cannot be reached.
 *
 * @throws HarkError `kubeconfig`, `unknown-context`, `proxy` (exit 2), `no-kubeconfig` (exit 3), `credentials`
 */
export async function connect(options: ConnectOptions): Promise<Cluster> {
  return (await connectWithGate(options)).cluster;
}

/** `connect`, and how requests of others go on to the same cluster by the same connections. `cluster.close` closes both. */
export async function connectWithGate(
  options: ConnectOptions,
): Promise<{ readonly cluster: Cluster; readonly gate: Gate }> {
  const context = await findContext(options);
  const { clock } = options;
  const url = parseServer(context);
  const proxy = chooseProxy(url, context.cluster.proxyUrl, options.env);
  const ca = await readTrustedCa(context.cluster);
  const credentials = openCredentials(context, options);
  const link = measureLink(url, clock);
  const pool = createAgentPool((identity) => openAgent(context.cluster, identity, ca, proxy));

  async function send(request: ApiRequest): Promise<ApiResponse> {
    const identity = await orAborted(credentials.read(), request.signal);
    const agent = await pool.get(identity);
    const headers = { ...identity.headers, 'user-agent': 'hark' };
    const target = { name: context.name, url, agent, headers, clock, onSocket: link.watch };
    const gzip = request.gzip === true && !context.cluster.disableCompression && !link.isQuick();
    return await sendRequest(target, { ...request, gzip });
  }

  const gate: Gate = {
    name: context.name,
    url,
    async open(signal) {
      const identity = await orAborted(credentials.read(), signal);
      return { agent: await pool.get(identity), headers: identity.headers };
    },
    async openApart(signal) {
      const identity = await orAborted(credentials.read(), signal);
      return {
        agent: await openAgent(context.cluster, identity, ca, proxy),
        headers: identity.headers,
      };
    },
    renew: () => credentials.reload(),
  };
  const cluster: Cluster = {
    name: context.name,
    server: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    namespace: context.namespace,
    fallbackUid: digest(url.href, ca),
    async request(request) {
      const response = await send(request);
      if (response.status !== 401) return response;
      response.close();
      credentials.reload();
      return await send(request);
    },
    close() {
      credentials.close();
      pool.close();
    },
  };
  return { cluster, gate };
}

/** The names of the contexts there are, and which is the current one: for completion and for `--contexts`. */
export async function readContexts(
  options: Pick<ConnectOptions, 'kubeconfig' | 'env' | 'cwd'>,
): Promise<{ readonly names: readonly string[]; readonly current: string }> {
  const config = await readKubeconfig(findKubeconfigFiles(options.kubeconfig, options.env, options.cwd));
  return { names: [...(config?.contexts.keys() ?? [])], current: config?.currentContext ?? '' };
}

async function findContext(options: ConnectOptions): Promise<PickedContext> {
  const found = findKubeconfigFiles(options.kubeconfig, options.env, options.cwd);
  const config = await readKubeconfig(found);
  const blank = config === undefined || (config.contexts.size === 0 && config.currentContext === '');
  if (blank && !found.mustExist && !options.context) {
    const inside = await readInCluster(options.env, options.serviceAccountFolder);
    if (inside !== undefined) return inside;
  }
  if (config !== undefined) return pickContext(config, options.context);
  throw new HarkError('no-kubeconfig', `there is no kubeconfig: looked for ${found.files.join(', ')}`, {
    exitCode: EXIT.unreachable,
    hint: 'Name one with --kubeconfig FILE, or read Events from a file: --from FILE',
  });
}

/** kubectl's: without a scheme it is https where anything in the kubeconfig speaks of TLS. */
function parseServer({ name, cluster, user }: PickedContext): URL {
  const tls = cluster.caData || cluster.caFile || cluster.insecure || user.certData || user.certFile;
  const text = cluster.server.includes('://')
    ? cluster.server
    : `${tls ? 'https' : 'http'}://${cluster.server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new HarkError(
    'kubeconfig',
    `context "${name}" has the server "${cluster.server}", which is no http or https URL`,
  );
}

/** Keeps one pool of connections for as long as certificates stay the same. */
function createAgentPool(open: (identity: Identity) => Promise<Agent>) {
  let current: { identity: Identity; readonly agent: Promise<Agent> } | undefined;
  return {
    get(identity: Identity): Promise<Agent> {
      const { cert, key } = identity;
      if (current === undefined || !isSame(current.identity.cert, cert) || !isSame(current.identity.key, key))
        current = { identity, agent: open(identity) };
      // Files are read again now and then: what they hold is compared as text but once.
      else current.identity = identity;
      return current.agent;
    },
    close() {
      current?.agent.then(
        (agent) => agent.destroy(),
        () => undefined,
      );
    },
  };
}

/** Between two requests it is mostly the very same. */
function isSame(a: string | Buffer | undefined, b: string | Buffer | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && String(a) === String(b));
}

function digest(server: string, ca: string | readonly string[] | undefined): string {
  const own = typeof ca === 'string' ? ca : '';
  return `server-${createHash('sha256').update(`${server}\n${own}`).digest('hex').slice(0, 32)}`;
}

/** A login that takes for ever must not outlive the wish for it. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return await Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}
