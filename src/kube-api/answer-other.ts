import {
  API_VERSIONS,
  allowsDiscovery,
  describeGroup,
  describeVersion,
  discoverAll,
  isGroup,
  listGroups,
  listResources,
} from './discovery.ts';
import type { KubeAnswer, KubeApi, KubeRequest } from './kube-api.ts';
import { negotiate } from './negotiate.ts';
import { RESOURCES } from './resources.ts';
import { noSuchPath } from './status.ts';
import { readWriting, writeObject } from './write-answer.ts';

/** Answers what is no object: what there is, which version, whether all is well. */
export function answerOther(
  { version }: KubeApi,
  request: KubeRequest,
  words: readonly string[],
  params: URLSearchParams,
): KubeAnswer {
  const path = `/${words.join('/')}`;
  const [root = '', group = ''] = words;
  if (['healthz', 'livez', 'readyz'].includes(root)) return writeText('ok');
  if (path === '/api' || path === '/apis') return answerDiscovery(path === '/api', request, params);
  const write = (object: object) => {
    const { format } = negotiate(request.accept, () => false);
    return writeObject(200, object, readWriting(request, params, format));
  };
  if (path === '/') return write({ paths: listPaths() });
  if (path === '/version') return write(describeVersion(version));
  if (root === 'apis' && words.length === 2 && isGroup(group)) return write(describeGroup(group));
  const resources = listResources(words.slice(1).join('/'));
  const isResources = (root === 'api' && words.length === 2) || (root === 'apis' && words.length === 3);
  if (isResources && resources !== undefined) return write(resources);
  throw noSuchPath();
}

/** All at once for those who say that they understand it, else step by step. */
function answerDiscovery(isCore: boolean, request: KubeRequest, params: URLSearchParams): KubeAnswer {
  const { format, as } = negotiate(request.accept, allowsDiscovery);
  const writing = readWriting(request, params, format);
  if (as === undefined) return writeObject(200, isCore ? API_VERSIONS : listGroups(), writing);
  const answer = writeObject(200, discoverAll(isCore, as.version), writing);
  const type = `application/${format};g=apidiscovery.k8s.io;v=${as.version};as=APIGroupDiscoveryList`;
  return { ...answer, headers: { ...answer.headers, 'content-type': type, vary: 'accept' } };
}

function listPaths(): string[] {
  const groups = new Set(
    RESOURCES.flatMap(({ group, version }) =>
      group === '' ? [`/api/${version}`] : [`/apis/${group}`, `/apis/${group}/${version}`],
    ),
  );
  return ['/api', '/apis', ...groups, '/healthz', '/livez', '/readyz', '/version'].sort();
}

function writeText(body: string): KubeAnswer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' };
  return { status: 200, headers, body, isWatch: false };
}
