import type { Clock } from '../lib/clock.ts';
import type { Cluster } from './cluster.ts';
import { requestJson } from './read-answer.ts';

/** How an API server makes itself known to the servers it hands requests on to, and whom it trusts itself. */
export interface ClusterAuthentication {
  /** PEM of the CAs of users' certificates; empty when the server takes none. */
  readonly clientCa: string;
  /** PEM of the CAs of the front proxy's certificate; empty when the server hands nothing on. */
  readonly frontProxyCa: string;
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

/**
 * Reads what the API server publishes for aggregated API servers: the ConfigMap `extension-apiserver-authentication` of kube-system. The Role
 * `extension-apiserver-authentication-reader` allows it.
 *
 * @throws ApiFailure when it cannot be read
 */
export async function readClusterAuthentication(
  cluster: Cluster,
  asking: { readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<ClusterAuthentication> {
  const path = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
  const request = { path, ...(asking.signal && { signal: asking.signal }) };
  const found = await requestJson(
    cluster,
    request,
    'read ConfigMap extension-apiserver-authentication',
    asking.clock,
  );
  const { data = {} } = found as { data?: Readonly<Record<string, string>> };
  return {
    clientCa: data['client-ca-file'] ?? '',
    frontProxyCa: data['requestheader-client-ca-file'] ?? '',
    allowedNames: readList(data['requestheader-allowed-names']),
    usernameHeaders: readList(data['requestheader-username-headers']),
    groupHeaders: readList(data['requestheader-group-headers']),
    uidHeaders: readList(data['requestheader-uid-headers']),
    extraHeaderPrefixes: readList(data['requestheader-extra-headers-prefix']),
  };
}

/** @param text a list in JSON, as the API server writes it */
function readList(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list;
  throw new SyntaxError(`"${text}" is no list of texts`);
}
