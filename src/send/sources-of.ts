import type { Step } from '../stories/story.ts';

/** What a story is made from: the identities of its Events and changes. */
export function sourcesOf(
  { steps }: { readonly steps: readonly Step[] },
  into = new Set<string>(),
): Set<string> {
  for (const step of steps) {
    for (const source of step.sources) into.add(source);
    sourcesOf(step, into);
  }
  return into;
}

/** How many there are, one that is told by several steps counted with each. */
export function countSources({ steps }: { readonly steps: readonly Step[] }): number {
  let count = 0;
  for (const step of steps) count += step.sources.length + countSources(step);
  return count;
}
