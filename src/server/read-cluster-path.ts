import { unescapeSegment } from './unescape-segment.ts';

/** What an API server answers at its top. */
const ROOTS: ReadonlySet<string> = new Set([
  'api',
  'apis',
  'healthz',
  'livez',
  'openapi',
  'readyz',
  'version',
]);

export interface ClusterPath {
  /** The name or uid of a cluster. */
  readonly cluster: string;
  /** The path of Kubernetes' API, as it was sent: `/api/v1/events`. */
  readonly path: string;
}

/**
 * Cuts a path into the cluster that it names and what is asked of it. A context's name may hold slashes (EKS calls one
 * `arn:aws:eks:REGION:ACCOUNT:cluster/NAME`), and clients like kubectl send them bare even where they were escaped: all before the first word that an API server begins with is the name.
 *
 * @param path without its query, as it was sent
 * @returns undefined for a path that names no cluster
 */
export function readClusterPath(path: string): ClusterPath | undefined {
  const [, top, ...segments] = path.split('/');
  if (top !== 'clusters' || segments.length === 0) return undefined;
  const root = segments.findIndex((segment, index) => index > 0 && ROOTS.has(unescapeSegment(segment)));
  const end = root === -1 ? 1 : root;
  return {
    cluster: readOnce(segments.slice(0, end).map(unescapeSegment).join('/')),
    path: `/${segments.slice(end).join('/')}`,
  };
}

/** `prod` of `prod/clusters/prod`: for `kubectl get --raw`, older kubectls want all of the path, newer ones put the server's before it. */
function readOnce(name: string): string {
  const half = name.slice(0, (name.length - '/clusters/'.length) / 2);
  return half !== '' && name === `${half}/clusters/${half}` ? half : name;
}
