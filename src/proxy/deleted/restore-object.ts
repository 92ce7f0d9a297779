import type { JsonObject } from '../../events/print-event.ts';
import type { Micros } from '../../lib/time.ts';
import type { Change } from '../../objects/change.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { GoneObject } from './find-gone.ts';
import type { ObjectTarget } from './read-object-path.ts';
import { formatSecond, restoreConditions, restoreContainers } from './restore-parts.ts';
import { restorePod } from './restore-pod.ts';

/** When the object was gone: what tells one of the record from one that is there. */
export const DELETED_ANNOTATION = 'hark.dev/deleted';
/** That it is not known when the object was gone, but when it was seen last. */
export const LAST_SEEN_ANNOTATION = 'hark.dev/last-seen';

/**
 * An object that is gone, as an API server would have answered it, as far as the record knows: metadata, and of what ran the images, where it ran, how
 * its containers ended, its conditions. What is not known is left out.
 */
export function restoreObject(gone: GoneObject, target: ObjectTarget): JsonObject & { metadata: JsonObject } {
  return {
    kind: target.kind,
    apiVersion: target.apiVersion,
    metadata: restoreMetadata(gone.object),
    ...restoreRest(gone, target.kind),
  };
}

/** When it was gone; when that is not known, when it was seen last. */
export function goneAt({ deletedAt, seenAt, createdAt }: KubernetesObject): Micros {
  return deletedAt ?? (seenAt || (createdAt ?? 0));
}

function restoreMetadata(object: KubernetesObject): JsonObject {
  const { name, namespace, uid, labels, owners, createdAt, deletedAt } = object;
  const at = formatSecond(goneAt(object));
  return {
    name,
    ...(namespace !== '' && { namespace }),
    uid,
    creationTimestamp: createdAt === undefined ? null : formatSecond(createdAt),
    deletionTimestamp: at,
    // Without it kubectl describe of a Pod breaks.
    deletionGracePeriodSeconds: 0,
    ...(labels !== undefined && { labels }),
    annotations: { [deletedAt === undefined ? LAST_SEEN_ANNOTATION : DELETED_ANNOTATION]: at },
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
