import { nameKey } from '../objects/object.ts';
import type { Story } from '../stories/story.ts';
import { countSources } from './sources-of.ts';

export interface DoneStories {
  /** What can be forgotten: of the objects that were quiet for longest, all of an object or none. */
  readonly done: readonly Story[];
  /** Events and changes that these are made from. */
  readonly freed: number;
  /** Those of what is over, but not done with. */
  readonly waiting: number;
}

/**
 * The stories to forget, so that so many Events and changes, if there are, are no longer needed. What is not over is not among them.
 *
 * @param isDone whether nothing of a story is to be sent any more
 */
export function chooseDone(
  stories: Iterable<Story>,
  isDone: (story: Story) => boolean,
  wanted: number,
): DoneStories {
  const done: Story[] = [];
  const over: { readonly group: readonly Story[]; readonly lastAt: number }[] = [];
  let [freed, waiting] = [0, 0];
  for (const group of Map.groupBy(stories, ({ object }) => nameKey(object)).values()) {
    if (!group.every(({ endsAt }) => endsAt !== undefined)) continue;
    if (group.every(isDone)) over.push({ group, lastAt: Math.max(...group.map(({ lastAt }) => lastAt)) });
    else for (const story of group) waiting += countSources(story);
  }
  for (const { group } of over.sort((a, b) => a.lastAt - b.lastAt)) {
    if (freed >= wanted) break;
    for (const story of group) {
      done.push(story);
      freed += countSources(story);
    }
  }
  return { done, freed, waiting };
}
