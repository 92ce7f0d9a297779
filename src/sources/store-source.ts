import type { ClusterInfo } from '../events/query.ts';
import { formatTime } from '../lib/rfc3339.ts';
import type { Store } from '../store/store.ts';
import { followStore } from './follow-store.ts';
import type { SourceOptions } from './open-source.ts';
import { scopeNamespaces } from './scope-namespaces.ts';
import type { Source } from './source.ts';

export interface StoreSourceOptions {
  readonly store: Store;
  readonly file: string;
  /** Those of the clusters it holds that are asked about. */
  readonly clusters: readonly ClusterInfo[];
  /** All that it holds. */
  readonly held: readonly ClusterInfo[];
  readonly options: SourceOptions;
  readonly namespace: string;
  readonly notes: readonly string[];
}

/** The record alone. */
export function createStoreSource({
  store,
  file,
  clusters,
  held,
  options,
  namespace,
  notes,
}: StoreSourceOptions): Source {
  const [first] = clusters;
  return {
    kind: 'store',
    name: file,
    reader: store,
    objects: store,
    scope: { clusters: clusters.map(({ uid }) => uid), ...scopeNamespaces(options, namespace) },
    cluster: clusters.length === 1 ? first : undefined,
    elsewhere: held.filter((each) => !clusters.includes(each)),
    notes,
    follow: (query, signal) => followStore(store, query, signal),
  };
}

/** `cluster "prod", which goes up to 2026-11-23T15:28:47Z`, `clusters "a", "b"`. */
export async function tellClusters(store: Store, clusters: readonly ClusterInfo[]): Promise<string> {
  const names = clusters.map(({ name }) => JSON.stringify(name)).join(', ');
  const [first] = clusters;
  if (clusters.length !== 1 || first === undefined) return `clusters ${names}`;
  const ends = (await store.readCoverage(first.uid)).map(({ to }) => to);
  const until = ends.length === 0 ? '' : `, which goes up to ${formatTime(Math.max(...ends))}`;
  return `cluster ${names}${until}`;
}
