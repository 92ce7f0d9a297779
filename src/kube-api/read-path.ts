import { apiVersionOf, NAMESPACES, RESOURCES, type Resource } from './resources.ts';
import { badRequest, noSuchPath } from './status.ts';

/** What a path of Kubernetes' API leads to. */
export type PathTarget =
  | {
      readonly type: 'resource';
      readonly resource: Resource;
      /** Empty: all of them, or the resource is in none. */
      readonly namespace: string;
      /** Empty: all of them. */
      readonly name: string;
      /** `/api/v1/watch/…`, as clients asked long ago. */
      readonly isWatch: boolean;
    }
  /** Anything else, in words without slashes: `['apis', 'events.k8s.io']`. */
  | { readonly type: 'other'; readonly words: readonly string[] };

/**
 * Reads a path as an API server does (k8s.io/apiserver `pkg/endpoints/request` RequestInfo): a slash at the end says nothing, an empty namespace is
 * all of them.
 *
 * @param served the resources that are answered
 * @throws StatusError 404 below a group that is there, for what is not; 400 when the path cannot be decoded
 */
export function readPath(path: string, served: readonly Resource[] = RESOURCES): PathTarget {
  const words = path.replace(/^\//, '').replace(/\/+$/, '').split('/').map(decode);
  const [root = '', ...below] = words;
  const inGroup = root === 'apis' ? below.length >= 2 : root === 'api' && below.length >= 1;
  if (!inGroup) return { type: 'other', words: words.filter((word) => word !== '') };
  const group = root === 'apis' ? (below[0] ?? '') : '';
  const version = (root === 'apis' ? below[1] : below[0]) ?? '';
  const rest = below.slice(root === 'apis' ? 2 : 1);
  if (rest.length === 0) return { type: 'other', words };
  const isWatch = rest[0] === 'watch' && rest.length > 1;
  return { ...readRest(served, group, version, isWatch ? rest.slice(1) : rest), isWatch };
}

function readRest(served: readonly Resource[], group: string, version: string, rest: readonly string[]) {
  const find = (name: string) =>
    served.find((one) => one.resource === name && apiVersionOf(one) === apiVersionOf({ group, version }));
  const [first = '', second = '', third, fourth = '', ...more] = rest;
  const isNamespaced = first === 'namespaces' && third !== undefined;
  const resource = find(isNamespaced ? third : first);
  const name = isNamespaced ? fourth : second;
  const isWrong = isNamespaced
    ? more.length > 0 || resource?.namespaced === false
    : rest.length > 2 || (resource?.namespaced === true && name !== '');
  if (resource === undefined || isWrong || (resource === NAMESPACES && isNamespaced)) throw noSuchPath();
  return { type: 'resource' as const, resource, namespace: isNamespaced ? second : '', name };
}

/** Slashes that were encoded are slashes. (Go's `net/http` routes by the decoded path.) */
function decode(word: string): string {
  try {
    const decoded = decodeURIComponent(word);
    if (decoded.includes('/')) throw noSuchPath();
    return decoded;
  } catch (error) {
    if (error instanceof URIError) throw badRequest(`cannot decode "${word.slice(0, 80)}" of the path`);
    throw error;
  }
}
