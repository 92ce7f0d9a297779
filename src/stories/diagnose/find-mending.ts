import type { ObjectId } from '../../objects/object.ts';
import type { SetOff, Story } from '../story.ts';
import { SKEW } from '../tell/limits.ts';
import type { Case } from './collect-cases.ts';

/** The rollout that put something well in the place of what had failed: none, when that went away otherwise. */
export type FindMending = (failed: Case) => Story | undefined;

/**
 * A Pod that failed does not become well; but its workload does, when a rollout that began since got through, and the Pod went with what it was
 * made from.
 */
export function openMendings(stories: readonly Story[]): FindMending {
  const byObject = Map.groupBy(
    stories.filter(({ kind }) => kind === 'rollout' || kind === 'deletion'),
    ({ object }) => keyOf(object),
  );
  return ({ story, trouble }) => {
    const { ended, endedAt, firstAt } = trouble;
    if (ended !== 'gone' || endedAt === undefined) return undefined;
    const since = (byObject.get(keyOf(story.object)) ?? []).filter(
      (other) => other.id !== story.id && other.from >= firstAt,
    );
    if (since.some(({ kind }) => kind === 'deletion')) return undefined;
    return since.find(({ from, outcome }) => from <= endedAt + SKEW && outcome === 'succeeded');
  };
}

/** The change that began a rollout which mended something; undefined where none is known. */
export function toMending({ root }: Story): SetOff | undefined {
  if (root === undefined) return undefined;
  const { object, at, by, says } = root;
  return {
    object,
    at,
    by,
    says,
    how: 'root',
    confidence: 'likely',
    because: ['it began the rollout that replaced what had failed'],
  };
}

function keyOf({ cluster, kind, namespace, name }: ObjectId): string {
  return `${cluster}/${kind}/${namespace}/${name}`;
}
