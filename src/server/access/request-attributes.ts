import { readClusterPath } from '../read-cluster-path.ts';
import { unescapeSegment } from '../unescape-segment.ts';

/** What a request wants, as an authorizer is asked. */
export type RequestAttributes =
  /** Something of the process, by its path. */
  | { readonly type: 'path'; readonly verb: string; readonly path: string }
  /** What the server answers, nothing of the record. */
  | { readonly type: 'description'; readonly verb: string }
  /** Hark's own API: what is told of Events. */
  | { readonly type: 'record'; readonly verbs: readonly string[]; readonly namespaces: readonly string[] }
  /** Kubernetes' API. */
  | ({ readonly type: 'kubernetes' } & KubernetesAttributes);

export interface KubernetesAttributes {
  /** As the path names it, undefined: the one that this server is a part of. */
  readonly cluster: string | undefined;
  /** More than one where the request can be read in two ways. */
  readonly verbs: readonly string[];
  readonly group: string;
  readonly version: string;
  /** Empty: it asks what there is. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Paths of the process itself, which have permissions of their own. */
const PATHS: ReadonlySet<string> = new Set(['/metrics']);
const DESCRIPTIONS: ReadonlySet<string> = new Set(['/openapi.json']);

/** Hark's own routes that do something else than to list. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  '/v1/live': ['list', 'watch'],
  '/v1/events/:id': ['get'],
};

/**
 * Reads what a request wants.
 *
 * @param url path and query as they were sent
 * @param route the pattern of the route that answers it; undefined when none does
 */
export function readAttributes(url: string, route: string | undefined): RequestAttributes {
  const [path = '', ...rest] = url.split('?');
  const query = new URLSearchParams(rest.join('?'));
  if (route !== undefined && PATHS.has(route)) return { type: 'path', verb: 'get', path: route };
  if (route !== undefined && DESCRIPTIONS.has(route)) return { type: 'description', verb: 'get' };
  const kubernetes = readKubernetes(path, query);
  if (kubernetes !== undefined) return { type: 'kubernetes', ...kubernetes };
  const namespaces = query
    .getAll('namespace')
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return { type: 'record', verbs: VERBS[route ?? ''] ?? ['list'], namespaces: [...new Set(namespaces)] };
}

/** Where an API server's own paths begin. */
const ROOTS: ReadonlySet<string> = new Set(['api', 'apis', 'openapi', 'version']);

/** As kube-apiserver's `RequestInfo`, of what is only read. */
function readKubernetes(path: string, query: URLSearchParams): KubernetesAttributes | undefined {
  const named = readClusterPath(path);
  const cluster = named === undefined || named.path === '/' ? undefined : named.cluster;
  const asked = named === undefined || cluster === undefined ? path : named.path;
  const parts = asked.split('/').slice(1).map(unescapeSegment);
  const [root, ...below] = parts;
  const isCore = root === 'api';
  if (root === undefined || (cluster === undefined && !ROOTS.has(root))) return undefined;
  const [group = '', version = '', ...rest] = isCore ? ['', ...below] : root === 'apis' ? below : [];
  const isOldWatch = rest[0] === 'watch';
  const { namespace, resource, name } = readResource(isOldWatch ? rest.slice(1) : rest);
  return { cluster, group, version, namespace, resource, name, verbs: readVerbs(query, name, isOldWatch) };
}

function readResource([first = '', second = '', ...rest]: readonly string[]) {
  if (first !== 'namespaces' || rest.length === 0) return { namespace: '', resource: first, name: second };
  const [resource = '', name = ''] = rest;
  return { namespace: second, resource, name };
}

function readVerbs(query: URLSearchParams, name: string, isOldWatch: boolean): readonly string[] {
  const watches = query.getAll('watch').map((value) => !/^(false|f|0)$/i.test(value));
  const list = name === '' ? 'list' : 'get';
  if (isOldWatch) return ['watch'];
  if (watches.length === 0) return [list];
  if (watches.every((isWanted) => isWanted) && name === '') return ['watch'];
  return watches.some((isWanted) => isWanted) ? [list, 'watch'] : [list];
}
