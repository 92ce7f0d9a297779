import type { ClusterInfo } from '../events/query.ts';
import type { Clock } from '../lib/clock.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { requestJson } from './read-answer.ts';

/** Who a cluster is, and whether its identity is only our guess. */
export interface ClusterIdentity extends ClusterInfo {
  /**
   * Whether the UID of namespace kube-system could not be read, so that `uid` is a digest of the server's URL and CA: the same cluster seen through
   * another kubeconfig then counts as another one.
   */
  readonly uidIsGuessed: boolean;
}

/**
 * Asks a cluster who it is: the UID of its kube-system namespace, its version. A user who may not read namespaces is told by `uidIsGuessed`.
 *
 * @throws ApiFailure when it cannot be reached, or does not accept the credentials
 */
export async function readClusterIdentity(
  cluster: Cluster,
  clock: Clock,
  signal: AbortSignal,
): Promise<ClusterIdentity> {
  const [uid, version] = await Promise.all([
    readKubeSystemUid(cluster, clock, signal),
    readVersion(cluster, clock, signal),
  ]);
  return { uid: uid ?? cluster.fallbackUid, uidIsGuessed: uid === undefined, name: cluster.name, version };
}

/**
 * The UID of namespace kube-system; undefined when it may not be read, or is not there.
 *
 * @throws ApiFailure when the cluster cannot be reached, or does not accept the credentials
 */
export async function readKubeSystemUid(
  cluster: Cluster,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = '/api/v1/namespaces/kube-system';
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
  try {
    const found = await requestJson(cluster, { path, accept, signal }, 'read namespace kube-system', clock);
    return (found as { metadata?: { uid?: string } }).metadata?.uid || undefined;
  } catch (error) {
    if ([403, 404].includes(statusOf(error))) return undefined;
    throw error;
  }
}

async function readVersion(cluster: Cluster, clock: Clock, signal: AbortSignal): Promise<string> {
  try {
    const found = await requestJson(cluster, { path: '/version', signal }, 'read the version', clock);
    return (found as { gitVersion?: string }).gitVersion ?? '';
  } catch (error) {
    if ([403, 404].includes(statusOf(error))) return '';
    throw error;
  }
}
