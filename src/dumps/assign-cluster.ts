import type { ClusterInfo } from '../events/query.ts';
import type { FoundCluster } from './dump.ts';

/** Stands for the cluster of files that do not tell theirs: one and the same for all of them, so that it does not matter how they are split. */
export const UNKNOWN_CLUSTER: ClusterInfo = { uid: 'unknown', name: 'unknown', version: '' };

/** Stands for a cluster that a person has given a name, and of which no more is known. */
export function nameCluster(name: string): ClusterInfo {
  return { uid: `name:${name}`, name, version: '' };
}

/**
 * Which of the clusters found in a dump a file of it speaks of: that whose kube-system namespace lies nearest, by the directories that both
 * paths have in common. Undefined when none was found, or when the nearest ones are of several clusters.
 */
export function assignCluster(file: string, found: readonly FoundCluster[]): string | undefined {
  const near = found.map(({ file: other, uid }) => ({ uid, shared: countSharedDirectories(file, other) }));
  const most = Math.max(...near.map(({ shared }) => shared));
  const uids = new Set(near.filter(({ shared }) => shared === most).map(({ uid }) => uid));
  const [uid] = uids;
  return uids.size === 1 ? uid : undefined;
}

function countSharedDirectories(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  let shared = 0;
  while (shared < Math.min(left.length, right.length) && left[shared] === right[shared]) shared += 1;
  return shared;
}
