import { BlockList, isIP } from 'node:net';
import { HarkError } from '../lib/errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy to reach a server by: the kubeconfig's `proxy-url`, else `HTTPS_PROXY` (`HTTP_PROXY` for a plain one) unless `NO_PROXY` or a loopback
 * address says otherwise; the rules are those of Go's `golang.org/x/net/http/httpproxy`, and so kubectl's.
 *
 * @throws HarkError `proxy` when it is no URL, or of a scheme other than http, https and socks
 */
export function chooseProxy(server: URL, proxyUrl: string, env: Env): URL | undefined {
  if (proxyUrl !== '') return parseProxy(proxyUrl, "the kubeconfig's proxy-url");
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const given = env[name] || env[name.toLowerCase()] || '';
  if (given === '' || !isProxied(server, env.NO_PROXY || env.no_proxy || '')) return undefined;
  return parseProxy(given.includes('://') ? given : `http://${given}`, name);
}

/** A URL without its user and password, to be shown. */
export function formatProxy(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

function parseProxy(text: string, from: string): URL {
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy !== undefined && /^(https?|socks(4a?|5h?)?):$/.test(proxy.protocol)) return proxy;
  const scheme = proxy === undefined ? 'is no URL' : `has the scheme "${proxy.protocol.replace(/:$/, '')}"`;
  throw new HarkError('proxy', `cannot use ${from}: it ${scheme}, wanted is http, https or socks5`);
}

/** Whether a server is to be reached by the proxy, as `NO_PROXY` has it: `*`, hosts, `.suffix`, addresses, CIDR ranges, each with a port or not. */
export function isProxied(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || isLoopback(host)) return false;
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return !entries.some((entry) => entry !== '' && matchesEntry(entry, host, port));
}

function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIP(host) !== 0 && isInRange(host, entry);
  const [, name = entry, onlyPort] = /^(.*?):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return bare === host;
  const suffix = bare.startsWith('*.') ? bare.slice(1) : bare;
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function isInRange(host: string, range: string): boolean {
  const [net = '', bits = ''] = range.split('/');
  if (isIP(net) === 0 || isIP(net) !== isIP(host) || !/^\d+$/.test(bits)) return false;
  const list = new BlockList();
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  if (Number(bits) > (family === 'ipv6' ? 128 : 32)) return false;
  list.addSubnet(net, Number(bits), family);
  return list.check(host, family);
}

function isLoopback(host: string): boolean {
  return isIP(host) === 6 ? host === '::1' : isIP(host) === 4 && host.startsWith('127.');
}
