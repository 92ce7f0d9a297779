import type { Micros } from '../lib/time.ts';
import { hasOwnUid, type KubernetesObject, type ObjectId } from './object.ts';

/**
 * What a whole list of a kind proves: there are these and no others. Of those known before, whichever is not among them went unheard; when, is
 * not known: the list's time is the latest it can have been, and no change is made up for it.
 */
export interface ObjectList {
  readonly kind: string;
  /** Objects of other versions of its group are meant too. */
  readonly apiVersion: string;
  /** Where it was listed: '' = the whole cluster. */
  readonly namespace: string;
  /** All there are. */
  readonly uids: readonly string[];
  /** When it was listed. Objects that were seen at this time or later are not judged by it. */
  readonly at: Micros;
}

/**
 * Those of some objects that lists prove to be gone, as far as they are known: of a list's kind and place, told by their uid, and not in it.
 *
 * @param heardOf each of them once, by uid; of those that are known beside their Events, all that is known
 */
export function findMissing(
  lists: readonly ObjectList[],
  heardOf: ReadonlyMap<string, ObjectId>,
): KubernetesObject[] {
  return lists.flatMap((list) => {
    const there = new Set(list.uids);
    const isMeant = (object: ObjectId) =>
      object.kind === list.kind &&
      (list.namespace === '' || object.namespace === list.namespace) &&
      // Old kubelets leave out the apiVersion.
      (object.apiVersion === '' || groupOf(object.apiVersion) === groupOf(list.apiVersion));
    const missing = [...heardOf.values()].filter((object) => isMeant(object) && !there.has(object.uid));
    return missing.filter(hasOwnUid).map((object) => ({
      owners: [],
      uses: [],
      createdAt: undefined,
      seenAt: list.at,
      inferred: true,
      ...object,
      deletedAt: list.at,
    }));
  });
}

/** The API group of an apiVersion: empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
