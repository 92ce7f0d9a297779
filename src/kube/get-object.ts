import type { Clock } from '../lib/clock.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { type ApiResource, findResource } from './discovery.ts';
import { requestJson } from './read-answer.ts';

/** What identifies an object, and who owns it: never its contents. */
export interface ObjectMetadata {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

export interface ObjectWish {
  /** As users type it: see `findResource`. */
  readonly kind: string;
  readonly name: string;
  /** Does not matter for cluster-scoped kinds. */
  readonly namespace: string;
}

/**
 * The metadata of an object; undefined when there is no such object, or no such kind.
 *
 * @throws ApiFailure `forbidden` when it may not be read; when the server cannot be asked
 */
export async function getObjectMetadata(
  cluster: Cluster,
  wish: ObjectWish,
  asking: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ObjectMetadata | undefined> {
  const resource = await findResource(cluster, wish.kind, asking);
  if (resource === undefined) return undefined;
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
  const request = { path: objectPath(resource, wish), accept, signal: asking.signal };
  try {
    const found = await requestJson(cluster, request, `get ${wish.kind} "${wish.name}"`, asking.clock);
    return readMetadata(resource, found);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function objectPath({ group, version, plural, namespaced }: ApiResource, wish: ObjectWish): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? `/namespaces/${encodeURIComponent(wish.namespace)}` : '';
  return `${root}${scope}/${plural}/${encodeURIComponent(wish.name)}`;
}

interface WireMetadata {
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly (Omit<OwnerReference, 'controller'> & { controller?: boolean })[];
}

/** The answer's own kind may be `PartialObjectMetadata`: the resource tells what it is. */
function readMetadata({ kind, group, version }: ApiResource, found: unknown): ObjectMetadata {
  const { metadata = {} } = found as { metadata?: WireMetadata };
  const owners = metadata.ownerReferences ?? [];
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    annotations: metadata.annotations ?? {},
    ownerReferences: owners.map((owner) => ({ ...owner, controller: owner.controller === true })),
  };
}
