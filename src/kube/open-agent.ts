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
  // Given even when empty: without it Node may take a proxy from the environment, by rules other than Go's.
  const proxyEnv = proxy === undefined ? {} : { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href };
  const options = { ...own, proxyEnv };
  if (cluster.server.startsWith('http://')) return new (await import('node:http')).Agent(options);
  return new (await import('node:https')).Agent(options);
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
