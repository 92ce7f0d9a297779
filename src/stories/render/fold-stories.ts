import type { Story } from '../story.ts';
import { messageShape } from '../tell/message-shape.ts';
import { wayOf } from './fold-alike.ts';

/** A story to be told, and those before it that went the same way. */
export interface FoldedStory {
  readonly story: Story;
  /** In the order they began. */
  readonly alike: readonly Story[];
}

/** From how many on, stories that went alike are told once. */
const MANY = 3;

/** Folds stories of one owner that went alike, the runs of a CronJob above all: the latest is told, those before it are counted. */
export function foldStories(stories: readonly Story[]): FoldedStory[] {
  const groups = Map.groupBy(stories, wayOfStory);
  const last = new Map([...groups].map(([, group]) => [group.at(-1), group]));
  return stories.flatMap((story) => {
    const group = groups.get(wayOfStory(story)) ?? [story];
    if (group.length < MANY) return [{ story, alike: [] }];
    return last.has(story) ? [{ story, alike: group.slice(0, -1) }] : [];
  });
}

/** Of runs it does not matter how often each step was told, or what is left of them: only how they came out. */
function wayOfStory({ kind, object, owner, title, outcome, summary, root, steps }: Story): string {
  const { cluster, namespace, kind: ofKind, name } = owner ?? object;
  const isRun = kind === 'run' && owner !== undefined;
  const way = isRun ? '' : [...new Set(steps.map(wayOf))].join('|');
  const says = [title, summary].map(messageShape);
  return JSON.stringify([kind, cluster, namespace, ofKind, name, says, outcome, root?.by, way]);
}
