import type { BuiltinKind } from '../events/kind-names.ts';
import { connect } from '../kube/connect.ts';
import { requestJson } from '../kube/read-answer.ts';
import { findKubeconfigFiles, readKubeconfig } from '../kube/read-kubeconfig.ts';
import { createClock } from '../lib/clock.ts';
import { readSourceOptions } from './complete-source-options.ts';
import type { CompletionScope } from './complete-values.ts';

/** More names than a person can choose from need not be read. */
const MOST_NAMES = '500';

const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** The names of the kubeconfig's contexts. */
export async function listContexts(scope: CompletionScope): Promise<string[]> {
  const { env, cwd } = scope.context;
  const config = await readKubeconfig(findKubeconfigFiles(readSourceOptions(scope).kubeconfig, env, cwd));
  return [...(config?.contexts.keys() ?? [])];
}

/** The cluster's namespaces; undefined when it does not tell. */
export async function listNamespaces(scope: CompletionScope): Promise<string[] | undefined> {
  return await listNames(() => '/api/v1/namespaces', scope);
}

/** The names of a kind's objects, of the namespace asked for; undefined when the cluster does not tell. */
export async function listObjectNames(
  kind: BuiltinKind,
  scope: CompletionScope,
): Promise<string[] | undefined> {
  if (kind.version === '') return undefined;
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const { namespace, allNamespaces } = readSourceOptions(scope);
  return await listNames((defaultNamespace) => {
    const one = kind.namespaced && !allNamespaces;
    return `${root}${one ? `/namespaces/${encodeURIComponent(namespace ?? defaultNamespace)}` : ''}/${kind.plural}`;
  }, scope);
}

/** What the kubeconfig calls the cluster, and the namespace asked for; nothing is sent to it. Undefined when there is none. */
export async function findScope(
  scope: CompletionScope,
): Promise<{ readonly cluster: string; readonly namespace: string } | undefined> {
  const { env, cwd, wallClock } = scope.context;
  const options = readSourceOptions(scope);
  try {
    const cluster = await connect({ ...options, env, cwd, clock: createClock(wallClock) });
    cluster.close();
    return { cluster: cluster.name, namespace: options.namespace ?? cluster.namespace };
  } catch {
    return undefined;
  }
}

async function listNames(
  path: (defaultNamespace: string) => string,
  scope: CompletionScope,
): Promise<string[] | undefined> {
  const { env, cwd, wallClock, signal } = scope.context;
  const clock = createClock(wallClock);
  try {
    const cluster = await connect({ ...readSourceOptions(scope), env, cwd, clock });
    try {
      const request = {
        path: path(cluster.namespace),
        query: { limit: MOST_NAMES },
        accept: NAMES_ONLY,
        signal,
      };
      const answer = await requestJson(cluster, request, 'list names', clock);
      const { items } = answer as { items?: readonly { readonly metadata?: { readonly name?: string } }[] };
      return (items ?? []).map((item) => item.metadata?.name ?? '');
    } finally {
      cluster.close();
    }
  } catch {
    return undefined;
  }
}
