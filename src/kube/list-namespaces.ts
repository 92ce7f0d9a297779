import type { Clock } from '../lib/clock.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { requestJson } from './read-answer.ts';

interface Asking {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** OpenShift lists the projects one may see to those who may not list namespaces. */
const NAMESPACE_LISTS = ['/api/v1/namespaces', '/apis/project.openshift.io/v1/projects'];

/**
 * The namespaces there are, by name; the context's own, where they may not be listed.
 *
 * @throws ApiFailure when the server does not answer, or not to us
 */
export async function listNamespaces({ cluster, clock, signal }: Asking): Promise<string[]> {
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
  for (const path of NAMESPACE_LISTS) {
    try {
      const list = await requestJson(cluster, { path, accept, signal }, 'list namespaces', clock);
      const { items = [] } = list as { items?: readonly { metadata?: { name?: string } }[] };
      const names = items.map((item) => item.metadata?.name ?? '').filter((name) => name !== '');
      if (names.length > 0) return names.sort();
    } catch (error) {
      if (![403, 404].includes(statusOf(error))) throw error;
    }
  }
  return [cluster.namespace];
}
