import type { Story } from '../story.ts';
import { foldStories } from './fold-stories.ts';
import { formatClock, formatDate } from './format-times.ts';
import { renderTree, type TreeOptions } from './render-tree.ts';

/** Stories as trees with an empty line between them; of those that went alike the latest. Lines without their ends. */
export function renderStories(stories: readonly Story[], options: TreeOptions): string[] {
  return foldStories(stories).flatMap(({ story, alike }, index) => [
    ...(index === 0 ? [] : ['']),
    ...renderTree(story, options),
    ...(alike.length === 0 ? [] : [options.style.dim(`  ${sayAlike(story, alike, options)}`)]),
  ]);
}

export function sayAlike(story: Story, alike: readonly Story[], { now }: TreeOptions): string {
  const first = alike[0]?.from ?? story.from;
  const since = now - first < HALF_A_DAY ? formatClock(first, false, story.from) : formatDate(first);
  const things = story.kind === 'run' ? ['run', 'runs'] : ['time', 'times'];
  const what = `${alike.length} ${alike.length === 1 ? things[0] : things[1]}`;
  return `and ${what} before it like this one, since ${since}`;
}

const HALF_A_DAY = 12 * 3_600_000_000;
