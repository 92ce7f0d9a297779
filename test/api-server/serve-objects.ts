import { findBuiltinKind } from '../../src/events/kind-names.ts';
import type { EventStorage } from './event-storage.ts';
import type { CustomKind } from './serve-discovery.ts';

/** An object to be had by GET. */
export interface WireObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
}

/** The namespaces there are: `default`, `kube-system`, those wished for and those of the Events. Undefined when the path asks for none of them. */
export function serveNamespaces(
  path: string,
  storage: EventStorage,
  wished: readonly string[],
  kubeSystemUid: string,
): object | undefined {
  const used = storage.listAt(storage.revision()).map((event) => event.metadata.namespace);
  const names = [...new Set(['default', 'kube-system', ...wished, ...used])].sort();
  const items = names.map((name) => ({
    kind: 'Namespace',
    apiVersion: 'v1',
    metadata: { name, uid: name === 'kube-system' ? kubeSystemUid : `uid-of-${name}` },
  }));
  if (path === '/api/v1/namespaces') {
    const metadata = { resourceVersion: String(storage.revision()) };
    return { kind: 'NamespaceList', apiVersion: 'v1', metadata, items };
  }
  return items.find((item) => path === `/api/v1/namespaces/${item.metadata.name}`);
}

/** The object at a path, undefined when there is none. */
export function serveObject(
  path: string,
  objects: readonly WireObject[],
  custom: readonly CustomKind[],
): WireObject | undefined {
  return objects.find((object) => pathOf(object, custom) === path);
}

function pathOf(object: WireObject, custom: readonly CustomKind[]): string | undefined {
  const [version = '', group = ''] = object.apiVersion.split('/').reverse();
  const kind =
    custom.find((candidate) => candidate.kind === object.kind && candidate.group === group) ??
    findBuiltinKind(object.kind);
  if (kind === undefined) return undefined;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = kind.namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : '';
  return `${root}${scope}/${kind.plural}/${object.metadata.name}`;
}
