/** Where a request goes. */
export interface RequestTarget {
  /** As it came, without query and without the prefix: goes on untouched. */
  readonly rawPath: string;
  /** `rawPath` decoded. */
  readonly path: string;
  /** All ways in which a server may read it: rules are tested on each. */
  readonly readings: readonly string[];
  /** From the question mark on, or empty. */
  readonly search: string;
  /** The name it was asked by, without port; IPv6 in brackets. */
  readonly host: string;
}

/**
 * Reads where a request goes.
 *
 * @param url the request line's: a path, or a whole URL as a client of proxies sends it
 * @param prefix begins and ends with a slash; one that begins with `/api` stays, any other is taken away (kubectl, `NewProxyHandler`)
 * @returns `outside` of the prefix; `broken` when its escapes cannot be read; `unclean`, with the path to ask for instead, when it is not written as
 *   short as it could be: rules about paths could be walked around (Go's `ServeMux` redirects in the same way)
 */
export function readTarget(
  url: string,
  hostHeader: string,
  prefix: string,
): RequestTarget | 'outside' | 'broken' | { readonly unclean: string } {
  const whole = /^https?:\/\/([^/?#]*)(.*)$/is.exec(url);
  const [, authority = hostHeader, rest = url] = whole ?? [];
  const at = rest.indexOf('?');
  const given = (at === -1 ? rest : rest.slice(0, at)) || '/';
  const search = at === -1 ? '' : rest.slice(at);
  const isPlain = PLAIN.test(given);
  const clean = isPlain ? given : cleanPath(given);
  if (clean !== given) return { unclean: clean + search };
  const within = stripPrefix(given, prefix);
  if (within === undefined) return 'outside';
  if (isPlain)
    return { rawPath: within, path: within, readings: [within], search, host: readHost(authority) };
  const path = decodePath(within);
  if (path === undefined) return 'broken';
  // A dot may have been written as %2e, a slash as %2f.
  const readings = [...new Set([path, cleanPath(path)])];
  return { rawPath: within, path, readings, search, host: readHost(authority) };
}

/** Paths that can be read in one way only: no escapes, nothing empty between slashes, no words that begin with a dot. */
const PLAIN = /^(?:\/[\w:-][\w:.-]*)+$/;

/** `localhost` of `localhost:8001`, `[::1]` of `[::1]:8001`. */
export function readHost(authority: string): string {
  const [, host = authority] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(authority) ?? [];
  return host;
}

function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function stripPrefix(path: string, prefix: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  return prefix.startsWith('/api') ? path : path.slice(prefix.length - 1);
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
