import {
  API_VERSIONS,
  allowsDiscovery,
  type Discovered,
  describeGroup,
  describeVersion,
  discover,
  discoverAll,
  listGroups,
  listResources,
} from './discovery.ts';
import type { KubeAnswer, KubeApi, KubeRequest } from './kube-api.ts';
import { negotiate } from './negotiate.ts';
import { describeOpenApi, describeSwagger, listOpenApi } from './openapi.ts';
import { HISTORY_RESOURCES, RESOURCES, type Resource } from './resources.ts';
import { noSuchPath } from './status.ts';
import { readWriting, writeObject } from './write-answer.ts';

/** The resources that are answered for a cluster. */
export function servedBy({ readHistory }: KubeApi): readonly Resource[] {
  return readHistory === undefined ? RESOURCES : [...RESOURCES, ...HISTORY_RESOURCES];
}

const PROBES = ['/healthz', '/livez', '/readyz'];

/** Answers what is no object: what there is, which version, whether all is well. */
export async function answerOther(
  api: KubeApi,
  request: KubeRequest,
  words: readonly string[],
  params: URLSearchParams,
): Promise<KubeAnswer> {
  const path = `/${words.join('/')}`;
  const [root = '', group = ''] = words;
  if (PROBES.includes(path) && !request.path.endsWith('/')) return writeText('ok');
  const write = (object: object) => {
    const { format } = negotiate(request.accept, () => false);
    return writeObject(200, object, readWriting(request, params, format));
  };
  const served = servedBy(api);
  if (path === '/') return write({ paths: listPaths(served) });
  if (path === '/version') return write(describeVersion(api.version));
  if (root === 'openapi') return write(findDescription(served, words.slice(1), api.version));
  if (root !== 'api' && root !== 'apis') throw noSuchPath();
  const all = discover(served, (await api.readKinds?.()) ?? []);
  if (words.length === 1) return answerDiscovery(root === 'api', request, params, all);
  if (root === 'apis' && words.length === 2) {
    const described = describeGroup(group, all);
    if (described.versions.length > 0) return write(described);
  }
  const resources = listResources(words.slice(1).join('/'), all);
  const isResources = (root === 'api' && words.length === 2) || (root === 'apis' && words.length === 3);
  if (isResources && resources !== undefined) return write(resources);
  throw noSuchPath();
}

function findDescription(
  served: readonly Resource[],
  [version, ...below]: readonly string[],
  cluster: string,
): object {
  const { gitVersion } = describeVersion(cluster);
  if (version === 'v2' && below.length === 0) return describeSwagger(served, gitVersion);
  if (version === 'v3' && below.length === 0) return listOpenApi(served);
  const found = version === 'v3' ? describeOpenApi(served, below.join('/'), gitVersion) : undefined;
  if (found === undefined) throw noSuchPath();
  return found;
}

/** All at once for those who say that they understand it, else step by step. */
function answerDiscovery(
  isCore: boolean,
  request: KubeRequest,
  params: URLSearchParams,
  all: readonly Discovered[],
): KubeAnswer {
  const { format, as } = negotiate(request.accept, allowsDiscovery);
  const writing = readWriting(request, params, format);
  if (as === undefined) return writeObject(200, isCore ? API_VERSIONS : listGroups(all), writing);
  const answer = writeObject(200, discoverAll(isCore, as.version, all), writing);
  const type = `application/${format};g=apidiscovery.k8s.io;v=${as.version};as=APIGroupDiscoveryList`;
  return { ...answer, headers: { ...answer.headers, 'content-type': type, vary: 'accept' } };
}

function listPaths(served: readonly Resource[]): string[] {
  const groups = new Set(
    served.flatMap(({ group, version }) =>
      group === '' ? [`/api/${version}`] : [`/apis/${group}`, `/apis/${group}/${version}`],
    ),
  );
  return [
    '/api',
    '/apis',
    ...groups,
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ].sort();
}

function writeText(body: string): KubeAnswer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' };
  return { status: 200, headers, body, isWatch: false };
}
