import { answerHistoryList } from './answer-history-list.ts';
import { answerHistoryWatch } from './answer-history-watch.ts';
import { type Asked, answerEventList } from './answer-list.ts';
import { answerNamespaceList, answerNamespaceWatch } from './answer-namespaces.ts';
import { answerOther, servedBy } from './answer-other.ts';
import { answerEventWatch } from './answer-watch.ts';
import { eventKind, printNumbered } from './event-kind.ts';
import { findEvent } from './find-event.ts';
import { historyKind } from './history-kind.ts';
import type { KubeAnswer, KubeApi, KubeRequest, ReadAttributes } from './kube-api.ts';
import { NAMESPACE_KIND, printNamespace, selectNamespaces } from './namespace-kind.ts';
import { allowsMeta, checkShape, negotiate, type Wish } from './negotiate.ts';
import {
  type Kind,
  type KubeObject,
  readIncludeObject,
  type Shape,
  shapeObject,
  shapeRow,
} from './print-object.ts';
import { findTold } from './read-history.ts';
import { readFlag, readListOptions } from './read-list-options.ts';
import { type PathTarget, readPath } from './read-path.ts';
import { isTold, NAMESPACES, type Resource } from './resources.ts';
import { selectEvents } from './select-events.ts';
import { forbidden, methodNotAllowed, notFound, type Status, StatusError } from './status.ts';
import { readWriting, type Writing, writeObject, writeStatus } from './write-answer.ts';

type ResourceTarget = Extract<PathTarget, { type: 'resource' }>;

/**
 * Answers a request as the cluster's API server would, of what the record knows. Expected failures are answers too, as a `Status`; what it throws is
 * the log's, or a bug.
 */
export async function answerKubeRequest(api: KubeApi, request: KubeRequest): Promise<KubeAnswer> {
  const params = new URLSearchParams(request.query);
  try {
    const target = readPath(request.path, servedBy(api));
    // What is not there cannot be changed either.
    if (target.type === 'other') {
      const answer = await answerOther(api, request, target.words, params);
      if (request.method === 'GET') return answer;
    } else if (request.method === 'GET') return await answerResource(api, request, target, params);
    throw methodNotAllowed();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return answerStatus(error.status, request);
  }
}

/** Answers with a `Status`, in the format that is wanted. */
export function answerStatus(
  status: Status,
  request: Pick<KubeRequest, 'accept' | 'query' | 'userAgent'>,
): KubeAnswer {
  const answer = writeStatus(
    status,
    readWriting(request, new URLSearchParams(request.query), formatOf(request.accept)),
  );
  return status.code === 405 ? { ...answer, headers: { ...answer.headers, allow: 'GET' } } : answer;
}

/** A failure is told in JSON to those who understand neither. */
function formatOf(accept: string | undefined): Wish['format'] {
  try {
    return negotiate(accept, () => true).format;
  } catch {
    return 'json';
  }
}

async function answerResource(
  api: KubeApi,
  request: KubeRequest,
  target: ResourceTarget,
  params: URLSearchParams,
): Promise<KubeAnswer> {
  const { resource, namespace, name } = target;
  // Of one object there is no watch, but by the paths of old. (k8s.io/apiserver RequestInfo.)
  const isOne = name !== '' && !target.isWatch;
  const isWatch = target.isWatch || readFlag(params, 'watch') === true;
  const verb = isOne ? 'get' : isWatch ? 'watch' : 'list';
  // Who looks at a namespace is asked for in it, as by an API server.
  const where = resource === NAMESPACES ? name : namespace;
  await authorize(api, { verb, group: resource.group, resource: resource.resource, namespace: where, name });
  const wish = negotiate(request.accept, allowsMeta, { isWatch: verb === 'watch' });
  const writing = readWriting(request, params, wish.format);
  const shape = { as: wish.as, include: readIncludeObject(params), now: api.clock.now() };
  if (isOne) {
    const object = await findOne(api, target, request.signal);
    checkShape(wish, false);
    return writeOne(kindOf(resource), object, shape, writing);
  }
  const options = readListOptions(params, target.isWatch);
  if (!options.watch) checkShape(wish, true);
  return await answerMany(api, target, { resource, options, shape, writing, signal: request.signal });
}

async function authorize(api: KubeApi, wanted: ReadAttributes): Promise<void> {
  const denial = await api.authorize?.(wanted);
  if (denial !== undefined) throw forbidden(wanted, denial);
}

async function answerMany(api: KubeApi, target: ResourceTarget, asked: Asked): Promise<KubeAnswer> {
  const { resource, options } = asked;
  if (isTold(resource)) {
    return options.watch
      ? answerHistoryWatch(api, target, asked)
      : await answerHistoryList(api, target, asked);
  }
  if (resource === NAMESPACES) {
    const isWanted = selectNamespaces(target.name, options);
    return options.watch
      ? answerNamespaceWatch(api, isWanted, asked)
      : await answerNamespaceList(api, isWanted, asked);
  }
  const selection = selectEvents(resource, api.cluster, target, options);
  return options.watch
    ? answerEventWatch(api, selection, asked)
    : await answerEventList(api, selection, target.namespace, asked);
}

async function findOne(
  api: KubeApi,
  { resource, namespace, name }: ResourceTarget,
  signal: AbortSignal,
): Promise<KubeObject> {
  if (resource === NAMESPACES) {
    const found = (await api.readNamespaces()).find((one) => one.name === name);
    if (found !== undefined) return printNamespace(found, api.cluster);
  } else if (isTold(resource)) {
    const found = await findTold(api, resource, { namespace, name });
    if (found !== undefined) return found;
  } else {
    const found = await findEvent(api, namespace, name, signal);
    if (found !== undefined) return printNumbered(found, resource);
  }
  throw notFound(resource, name);
}

function kindOf(resource: Resource): Kind {
  if (isTold(resource)) return historyKind(resource);
  return resource === NAMESPACES ? NAMESPACE_KIND : eventKind(resource);
}

function writeOne({ columns }: Kind, object: KubeObject, shape: Shape, writing: Writing): KubeAnswer {
  const { as } = shape;
  if (as?.kind !== 'Table') return writeObject(200, shapeObject(object, shape), writing);
  const table = {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${as.version}`,
    metadata: { resourceVersion: object.body.metadata.resourceVersion },
    columnDefinitions: columns,
    rows: [shapeRow(object, shape)],
  };
  return writeObject(200, table, writing);
}
