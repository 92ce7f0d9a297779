import type { Micros } from '../lib/time.ts';
import type { KubernetesObject, ObjectId, ObjectUse, OwnerReference } from './object.ts';
import { at, isRaw, listAt, type RawObject, textAt, timeAt } from './raw-object.ts';
import { readUses } from './read-uses.ts';

/** Which object it is. */
export function readObjectId(object: RawObject, cluster: string): ObjectId {
  return {
    cluster,
    apiVersion: textAt(object, 'apiVersion'),
    kind: textAt(object, 'kind'),
    namespace: textAt(object, 'metadata', 'namespace'),
    name: textAt(object, 'metadata', 'name'),
    uid: textAt(object, 'metadata', 'uid'),
  };
}

/**
 * Reads what stories need of an object of any kind: its owners, what it uses, when it was made. Metadata alone is enough
 * (`PartialObjectMetadata`); contents of Secrets and ConfigMaps are never looked at.
 *
 * @param seenAt when this state of it was seen
 * @param deletedAt when it was seen to be gone
 */
export function readObject(
  object: RawObject,
  cluster: string,
  seenAt: Micros,
  deletedAt?: Micros,
): KubernetesObject {
  const uses: readonly ObjectUse[] = readUses(object);
  return {
    ...readObjectId(object, cluster),
    owners: listAt(object, 'metadata', 'ownerReferences').map(readOwner),
    uses,
    ...labelsOf(object),
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    deletedAt,
    seenAt,
    inferred: false,
  };
}

/** Labels matter where others select by them. */
function labelsOf(object: RawObject): Pick<KubernetesObject, 'labels'> {
  const labels = at(object, 'metadata', 'labels');
  if (textAt(object, 'kind') !== 'Pod' || !isRaw(labels)) return {};
  const texts = Object.entries(labels).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { labels: Object.fromEntries(texts) };
}

function readOwner(reference: RawObject): OwnerReference {
  return {
    apiVersion: textAt(reference, 'apiVersion'),
    kind: textAt(reference, 'kind'),
    name: textAt(reference, 'name'),
    uid: textAt(reference, 'uid'),
    controller: at(reference, 'controller') === true,
  };
}
