import { answerEventList } from './answer-list.ts';
import type { KubeAnswer, KubeApi, KubeRequest } from './kube-api.ts';
import { allowsMeta, checkShape, negotiate } from './negotiate.ts';
import { readIncludeObject } from './print-object.ts';
import { readListOptions } from './read-list-options.ts';
import { type PathTarget, readPath } from './read-path.ts';
import { selectEvents } from './select-events.ts';
import { forbidden, noSuchPath, StatusError } from './status.ts';
import { readWriting, writeStatus } from './write-answer.ts';

type ResourceTarget = Extract<PathTarget, { type: 'resource' }>;

/**
 * Answers a request as the cluster's API server would, of what the record knows. Expected failures are answers too, as a `Status`; what it throws is
 * the log's, or a bug.
 */
export async function answerKubeRequest(api: KubeApi, request: KubeRequest): Promise<KubeAnswer> {
  const params = new URLSearchParams(request.query);
  try {
    const target = readPath(request.path);
    if (target.type === 'resource') return await answerResource(api, request, target, params);
    throw noSuchPath();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return writeStatus(error.status, readWriting(request, params, 'json'));
  }
}

async function answerResource(
  api: KubeApi,
  request: KubeRequest,
  target: ResourceTarget,
  params: URLSearchParams,
): Promise<KubeAnswer> {
  const { resource, namespace, name } = target;
  const { group } = resource;
  const denial = await api.authorize?.({ verb: 'list', group, resource: resource.resource, namespace, name });
  if (denial !== undefined)
    throw forbidden({ verb: 'list', group, resource: resource.resource, namespace, name }, denial);
  const wish = negotiate(request.accept, allowsMeta);
  checkShape(wish, true);
  const writing = readWriting(request, params, wish.format);
  const options = readListOptions(params, target.isWatch);
  const shape = { as: wish.as, include: readIncludeObject(params), now: api.clock.now() };
  const selection = selectEvents(resource, api.cluster, { namespace, name }, options);
  return await answerEventList(api, selection, { resource, options, shape, writing, signal: request.signal });
}
