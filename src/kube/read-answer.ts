import type { Clock } from '../lib/clock.ts';
import { EXIT } from '../lib/errors.ts';
import { ApiFailure, explainStatus } from './api-failure.ts';
import type { ApiRequest, ApiResponse, Cluster } from './cluster.ts';
import { readStatus } from './read-status.ts';

/** The longest answer that is read whole: lists of namespaces and of resources are a tenth of it in the largest clusters. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/**
 * Sends a request that is to be answered with 200.
 *
 * @param action what is tried, for the error: `list Events`
 * @throws ApiFailure when it is not
 */
export async function requestOk(
  cluster: Cluster,
  request: ApiRequest,
  action: string,
  clock: Clock,
): Promise<ApiResponse> {
  const response = await cluster.request(request);
  if (response.status === 200 || response.status === 201) return response;
  throw await refusal(cluster, response, action, clock);
}

/** The failure that an answer's error status means; reads its body. */
export async function refusal(
  cluster: Cluster,
  response: ApiResponse,
  action: string,
  clock: Clock,
): Promise<ApiFailure> {
  return explainStatus(cluster, action, await readStatus(response, clock));
}

/**
 * Sends a request and reads its answer whole, as JSON.
 *
 * @throws ApiFailure when it is not answered with 200 and JSON
 */
export async function requestJson(
  cluster: Cluster,
  request: ApiRequest,
  action: string,
  clock: Clock,
): Promise<unknown> {
  const response = await requestOk(cluster, { gzip: true, ...request }, action, clock);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length <= LONGEST_ANSWER) chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw noKubernetes(cluster, action);
  }
}

/** The failure of an answer that is not what a Kubernetes API server says. */
export function noKubernetes(cluster: Cluster, action: string): ApiFailure {
  const text = `cannot ${action} of cluster "${cluster.name}": what answers at ${cluster.server} is no Kubernetes API server, or something on the way changes its answers`;
  return new ApiFailure('not-kubernetes', text, {
    exitCode: EXIT.unreachable,
    permanent: true,
    hint: 'Check the server in the kubeconfig, and whether a proxy or a login page is in the way',
  });
}
