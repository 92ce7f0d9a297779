import type { JsonObject } from '../../events/print-event.ts';
import type { Micros } from '../../lib/time.ts';
import type { Change } from '../../objects/change.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { isRaw, type RawObject } from '../../objects/raw-object.ts';
import type { GoneObject } from './find-gone.ts';
import type { ObjectTarget } from './read-object-path.ts';
import { formatSecond, restoreConditions, restoreContainers } from './restore-parts.ts';
import { restorePod } from './restore-pod.ts';

/** When the object was gone: what tells one of the record from one that is there. */
export const DELETED_ANNOTATION = 'hark.dev/deleted';
/** That it is not known when the object was gone, but when it was seen last. */
export const LAST_SEEN_ANNOTATION = 'hark.dev/last-seen';

/**
 * An object that is gone, as an API server would have answered it: all of it as it was last, where that is kept; else what else the record knows: metadata, and
 * of what ran the images, where it ran, how its containers ended, its conditions. What is not known is left out.
 */
export function restoreObject(gone: GoneObject, target: ObjectTarget): JsonObject & { metadata: JsonObject } {
  if (gone.last !== undefined) return restoreLast(gone.object, gone.last, target);
  return {
    kind: target.kind,
    apiVersion: target.apiVersion,
    metadata: restoreMetadata(gone.object),
    ...restoreRest(gone, target.kind),
  };
}

function restoreLast(object: KubernetesObject, last: RawObject, { kind, apiVersion }: ObjectTarget) {
  const { metadata, ...rest } = last;
  const own = isRaw(metadata) ? metadata : {};
  const annotations = { ...(isRaw(own.annotations) ? own.annotations : {}), ...annotateEnd(object) };
  return {
    ...rest,
    kind,
    apiVersion,
    metadata: { ...formatEnd(object), ...own, annotations },
  } as JsonObject & { metadata: JsonObject };
}

/** When it was gone; when that is not known, when it was seen last. */
export function goneAt({ deletedAt, seenAt, createdAt }: KubernetesObject): Micros {
  return deletedAt ?? (seenAt || (createdAt ?? 0));
}

function restoreMetadata(object: KubernetesObject): JsonObject {
  const { name, namespace, uid, labels, owners, createdAt } = object;
  return {
    name,
    ...(namespace !== '' && { namespace }),
    uid,
    creationTimestamp: createdAt === undefined ? null : formatSecond(createdAt),
    ...formatEnd(object),
    ...(labels !== undefined && { labels }),
    annotations: annotateEnd(object),
    ...(owners.length > 0 && {
      ownerReferences: owners.map((owner) => ({
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        name: owner.name,
        uid: owner.uid,
        controller: owner.controller,
      })),
    }),
  };
}

/** Those fields that say when it was asked to go, for one that nothing else tells so. */
function formatEnd(object: KubernetesObject): JsonObject {
  // Without the second kubectl describe of a Pod breaks.
  return { deletionTimestamp: formatSecond(goneAt(object)), deletionGracePeriodSeconds: 0 };
}

function annotateEnd(object: KubernetesObject): JsonObject {
  const name = object.deletedAt === undefined ? LAST_SEEN_ANNOTATION : DELETED_ANNOTATION;
  return { [name]: formatSecond(goneAt(object)) };
}

function restoreRest({ object, changes }: GoneObject, kind: string): JsonObject {
  if (kind === 'Pod') return restorePod(object, changes);
  if (!WORKLOADS.has(kind)) return {};
  const template = { metadata: {}, spec: { containers: restoreContainers(changes) } };
  const replicas = REPLICATED.has(kind) ? { replicas: Number(lastValue(changes, 'replicas') ?? 0) } : {};
  return {
    spec: { ...replicas, selector: null, template },
    status: { conditions: restoreConditions(changes) },
  };
}

/** kubectl describe of these breaks where there is no number of replicas. */
const REPLICATED = new Set(['Deployment', 'ReplicaSet', 'StatefulSet']);
const WORKLOADS = new Set([...REPLICATED, 'DaemonSet', 'Job']);

function lastValue(changes: readonly Change[], field: string): string | undefined {
  const fields = changes.flatMap((change) => ('fields' in change ? change.fields : []));
  return fields.findLast((one) => one.field === field && one.to !== '')?.to;
}
