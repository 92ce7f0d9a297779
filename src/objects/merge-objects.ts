import { compareText } from '../events/compare-events.ts';
import type { KubernetesObject } from './object.ts';

/**
 * What two sightings of one object (the same uid) tell together, whichever came first: the later one's owners and uses, where it tells any
 * (metadata alone tells no uses), and that it is gone, if either does. The same in any order and any number of times.
 */
export function mergeObjects(a: KubernetesObject, b: KubernetesObject): KubernetesObject {
  const [older, newer] = isBefore(a, b) ? [a, b] : [b, a];
  return {
    ...older,
    ...newer,
    owners: newer.owners.length > 0 ? newer.owners : older.owners,
    uses: newer.uses.length > 0 ? newer.uses : older.uses,
    createdAt: newer.createdAt ?? older.createdAt,
    deletedAt: earliest(older.deletedAt, newer.deletedAt),
    inferred: newer.inferred && older.inferred,
  };
}

/** Nothing is deleted twice: the first to notice is closest. */
function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** What was read counts for more than what was concluded; then the later; then any order that is always the same. */
function isBefore(a: KubernetesObject, b: KubernetesObject): boolean {
  if (a.inferred !== b.inferred) return a.inferred;
  if (a.seenAt !== b.seenAt) return a.seenAt < b.seenAt;
  return compareText(JSON.stringify(a), JSON.stringify(b)) < 0;
}
