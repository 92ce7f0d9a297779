import { nameKey, type ObjectId } from '../objects/object.ts';
import type { Step, Story } from './story.ts';

/** Whether an object is one of those asked for. */
export type IsWanted = (object: ObjectId) => boolean;

/** Whether a story is about an object, or tells of it. */
export function touches(story: Story, isWanted: IsWanted): boolean {
  return isAbout(story, isWanted) || story.objects.some(isWanted);
}

/**
 * Widens what is wanted by its Pods: what befell these through their Node is told in that one's story. Of a Node itself the Pods are not its
 * own.
 *
 * @param stories all that are told
 */
export function widenToPods(stories: readonly Story[], isWanted: IsWanted): IsWanted {
  const pods = new Set<string>();
  for (const story of stories)
    if (story.object.kind !== 'Node' && isAbout(story, isWanted))
      for (const object of story.objects) if (object.kind === 'Pod') pods.add(nameKey(object));
  return (object) => isWanted(object) || (object.kind === 'Pod' && pods.has(nameKey(object)));
}

/**
 * Leaves of a story what leads to the wanted objects and what is below them: of a rollout of forty Pods, the one Pod that was asked for. What
 * the story itself is about stays whole.
 */
export function pruneStory(story: Story, isWanted: IsWanted): Story {
  if (isAbout(story, isWanted)) return story;
  const causes = story.troubles
    .filter(({ object }) => isWanted(object))
    .map(({ setOffBy }) => setOffBy?.object);
  const steps = pruneSteps(story.steps, (object) => isWanted(object) || causes.includes(object));
  return steps.length === 0 ? story : { ...story, steps };
}

function isAbout({ object, owner }: Story, isWanted: IsWanted): boolean {
  return isWanted(object) || (owner !== undefined && isWanted(owner));
}

function pruneSteps(steps: readonly Step[], isWanted: IsWanted): Step[] {
  return steps.flatMap((step) => {
    if (isWanted(step.object)) return [step];
    const below = pruneSteps(step.steps, isWanted);
    return below.length === 0 ? [] : [{ ...step, steps: below }];
  });
}
