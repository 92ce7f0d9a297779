import { nameKey, type ObjectId } from '../../objects/object.ts';
import { type IsWanted, pruneStory } from '../prune-story.ts';
import type { Story } from '../story.ts';
import { walkSteps } from '../tell/walk-steps.ts';
import type { Diagnosis, Finding } from './finding.ts';

/**
 * Leaves of a diagnosis what keeps the wanted objects, or something they own, from working: a Node's finding too, when their Pods run there.
 *
 * @param stories those that tell of the wanted objects
 */
export function narrowDiagnosis(
  diagnosis: Diagnosis,
  stories: readonly Story[],
  isWanted: IsWanted,
): Diagnosis {
  const theirs = new Set(stories.flatMap((story) => objectsOf(pruneStory(story, isWanted), isWanted)));
  const isTheirs = (object: ObjectId) => isWanted(object) || theirs.has(nameKey(object));
  const concerns = ({ object, affected }: Finding) => isTheirs(object) || affected.some(isTheirs);
  return {
    ...diagnosis,
    findings: diagnosis.findings.filter(concerns),
    healed: diagnosis.healed.filter(concerns),
  };
}

/** The wanted objects of a story and those below them, by name. */
function objectsOf({ steps, object, owner, objects }: Story, isWanted: IsWanted): string[] {
  if (isWanted(object) || (owner !== undefined && isWanted(owner))) return objects.map(nameKey);
  return [...walkSteps(steps)]
    .filter((step) => isWanted(step.object))
    .flatMap((step) => [...walkSteps([step])].map((each) => nameKey(each.object)));
}
