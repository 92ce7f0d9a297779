import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Identity } from './credentials.ts';
import type { KubeconfigCluster } from './kubeconfig.ts';
import { readDataOrFile } from './read-data-or-file.ts';

/** client-go's; clouds' load balancers forget a connection after a minute of silence. */
const KEEP_ALIVE_MS = 30_000;

/** What decides how a connection is made; two requests that agree on all of it may share one. */
export interface ConnectionKey {
  readonly ca: string | readonly string[] | undefined;
  readonly cert: string | Buffer | undefined;
  readonly key: string | Buffer | undefined;
}

/** The trusted CAs: the kubeconfig's, else those of Node and of the operating system (a company's own is mostly only there). */
export async function readTrustedCa(
  cluster: KubeconfigCluster,
): Promise<string | readonly string[] | undefined> {
  const ca = await readDataOrFile(cluster.caData, cluster.caFile, 'CA certificate');
  if (ca !== undefined) return ca.toString('utf8');
  if (cluster.insecure || !cluster.server.startsWith('https:')) return undefined;
  const { getCACertificates } = await import('node:tls');
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

interface ConnectAnswer {
  readonly statusCode: number;
  readonly statusText: string;
}

/** A proxy made no tunnel. */
class ProxyRefusal extends Error {
  /** That of Node's own errors of this kind. */
  readonly code = 'ERR_PROXY_TUNNEL';

  constructor(status: number, text: string) {
    super(`it answered ${status} ${text}`.trim());
  }
}

/** Opens a pool of kept connections to a cluster, by way of a proxy where there is one. */
export async function openAgent(
  cluster: KubeconfigCluster,
  identity: Identity,
  ca: string | readonly string[] | undefined,
  proxy: URL | undefined,
): Promise<Agent> {
  const own = formatAgentOptions(cluster, identity, ca);
  if (proxy?.protocol.startsWith('socks')) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    // The proxy resolves names, as it does for kubectl.
    return new SocksProxyAgent(
      proxy.href.replace(/^socks(5|4)?:/, (_, version) => (version === '4' ? 'socks4a:' : 'socks5h:')),
      own,
    );
  }
  const isPlain = cluster.server.startsWith('http://');
  if (proxy !== undefined) return await openProxyAgent(isPlain, own, proxy);
  // Empty, but given: without it Node may take a proxy from the environment, by rules other than Go's.
  const options = { ...own, proxyEnv: {} };
  const { Agent } = isPlain ? await import('node:http') : await import('node:https');
  return withOneName(new Agent(options));
}

/** All connections of an agent lead to the same server: Node would make a name of all certificates for each request, to look for one that fits. */
function withOneName(agent: Agent): Agent {
  return Object.assign(agent, { getName: () => 'cluster' });
}

/**
 * Opens a pool of connections by way of an HTTP proxy: a tunnel, or for a plain server by asking the proxy. Not by Node's own `proxyEnv`, which the first
 * releases of Node 24 lack.
 *
 * @param own how the server is to be trusted and told who asks; as in Go, it counts for a proxy behind TLS too
 */
export async function openProxyAgent(isPlain: boolean, own: AgentOptions, proxy: URL): Promise<Agent> {
  if (isPlain) return new (await import('http-proxy-agent')).HttpProxyAgent(proxy.href, own);
  const agent = new (await import('https-proxy-agent')).HttpsProxyAgent(proxy.href, own);
  // What it is made with is for the proxy alone.
  Object.assign(agent.options, own);
  // It would hand on a refusal as if it were the server's own answer.
  const tunnel = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    let refusal: ProxyRefusal | undefined;
    request.once('proxyConnect', ({ statusCode, statusText }: ConnectAnswer) => {
      if (statusCode !== 200) refusal = new ProxyRefusal(statusCode, statusText);
    });
    const socket = await tunnel(request, options);
    if (refusal === undefined) return socket;
    socket.destroy();
    throw refusal;
  };
  return agent;
}

function formatAgentOptions(
  cluster: KubeconfigCluster,
  { cert, key }: Identity,
  ca: string | readonly string[] | undefined,
): AgentOptions {
  return {
    keepAlive: true,
    keepAliveMsecs: KEEP_ALIVE_MS,
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.insecure ? { rejectUnauthorized: false } : {}),
    ...(cluster.tlsServerName === '' ? {} : { servername: cluster.tlsServerName }),
  };
}
