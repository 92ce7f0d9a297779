import { BUILTIN_KINDS, type BuiltinKind } from '../../src/events/kind-names.ts';
import { createEventStorage, type EventStorage, type WireEvent } from './event-storage.ts';
import type { SeenRequest } from './seen-request.ts';
import { type CustomKind, versionOf } from './serve-discovery.ts';
import {
  type EventAnswer,
  type ServedScope,
  serveList,
  serveWatch,
  type WatchListSupport,
} from './serve-events.ts';

/** The objects of a double, by the names of their resources: `pods`, `deployments.apps`. Every kind is served, most of them empty. */
export interface Collections {
  of(resource: string): EventStorage;
}

/** A whole object as it is on the wire. */
export interface CollectedObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
  readonly [field: string]: unknown;
}

/**
 * @param objects those there are at the start
 * @param revision the newest one at the start
 */
export function createCollections(
  objects: readonly CollectedObject[],
  custom: readonly CustomKind[],
  revision: number,
): Collections {
  const storages = new Map<string, EventStorage>();
  const initial = Map.groupBy(objects, ({ kind, apiVersion }) => {
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    const found = [...BUILTIN_KINDS, ...custom].find((each) => each.kind === kind && each.group === group);
    if (found === undefined) throw new Error(`the double serves no ${kind} of ${apiVersion}`);
    return resourceOf(found);
  });
  return {
    of(resource) {
      const known = storages.get(resource);
      if (known !== undefined) return known;
      const storage = createEventStorage((initial.get(resource) ?? []).map(toStored), revision);
      storages.set(resource, storage);
      return storage;
    },
  };
}

/** What is stored of an object: its resourceVersion is the double's own. */
export function toStored(object: CollectedObject): WireEvent {
  const { resourceVersion: _, ...metadata } = object.metadata as Record<string, unknown> &
    CollectedObject['metadata'];
  return { ...object, metadata: { ...metadata, namespace: metadata.namespace ?? '' } };
}

/** The answer to a list or watch of objects, undefined when the request is none of a kind that is served. */
export function serveCollection(
  collections: Collections,
  custom: readonly CustomKind[],
  request: SeenRequest,
  support: WatchListSupport,
): EventAnswer | undefined {
  const [, core, group = '', version = core ?? '', namespace = '', plural] =
    /^\/(?:api\/([^/]+)|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)$/.exec(
      request.path,
    ) ?? [];
  const kind = [...BUILTIN_KINDS, ...custom].find(
    (each) => each.plural === plural && each.group === group && versionOf(each) === version,
  );
  if (kind === undefined || kind.kind === 'Event') return undefined;
  const storage = collections.of(resourceOf(kind));
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const isPartial = (request.headers.accept ?? '').includes('as=PartialObjectMetadata');
  const scope = createScope(kind, apiVersion, namespace, isPartial);
  if (request.verb === 'list') return serveList(storage, request, scope);
  if (request.verb === 'watch') return { ...serveWatch(storage, request, support, scope), storage };
  return undefined;
}

function createScope(
  kind: BuiltinKind,
  apiVersion: string,
  namespace: string,
  isPartial: boolean,
): ServedScope {
  return {
    namespace,
    listKind: isPartial ? 'PartialObjectMetadataList' : `${kind.kind}List`,
    apiVersion: isPartial ? 'meta.k8s.io/v1' : apiVersion,
    serve({ metadata: { namespace: own, ...metadata }, ...fields }) {
      const served = { ...metadata, ...(own === '' ? {} : { namespace: own }) };
      if (isPartial) return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: served };
      return { ...fields, kind: kind.kind, apiVersion, metadata: served };
    },
    isSelected: () => true,
  };
}

function resourceOf({ plural, group }: BuiltinKind): string {
  return group === '' ? plural : `${plural}.${group}`;
}
