import { BUILTIN_KINDS } from '../../events/kind-names.ts';

/** One object, as a path names it. */
export interface ObjectTarget {
  readonly kind: string;
  /** `v1`, `apps/v1`: the version that is asked for. */
  readonly apiVersion: string;
  /** Empty for kinds that have none. */
  readonly namespace: string;
  readonly name: string;
}

/** The object of a kind of Kubernetes itself that a path leads to; undefined for lists, parts of objects, and all else. */
export function readObjectPath(path: string): ObjectTarget | undefined {
  const [, group = '', version = '', rest = ''] =
    /^\/(?:api|apis\/([^/]+))\/([^/]+)\/(.+?)\/?$/.exec(path) ?? [];
  const words = rest.split('/');
  const isNamespaced = words[0] === 'namespaces' && words.length > 2;
  const namespace = isNamespaced ? (words[1] ?? '') : '';
  const [plural = '', name = '', ...more] = isNamespaced ? words.slice(2) : words;
  const found = BUILTIN_KINDS.find(
    (kind) => kind.group === group && kind.plural === plural && kind.namespaced === isNamespaced,
  );
  if (found === undefined || name === '' || more.length > 0) return undefined;
  return { kind: found.kind, apiVersion: group === '' ? version : `${group}/${version}`, namespace, name };
}
