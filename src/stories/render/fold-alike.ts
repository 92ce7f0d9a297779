import type { Step } from '../story.ts';
import { messageShape } from '../tell/message-shape.ts';

/** A step to be told, and the others that went the same way. */
export interface Folded {
  readonly step: Step;
  readonly alike: readonly Step[];
}

/** From how many on, steps that went alike are told once. */
const MANY = 3;

/**
 * Folds sibling steps that went alike, with all that is below them: the first of them is told, the others are counted. Only what differs in
 * numbers, random names and times counts as alike.
 */
export function foldAlike(steps: readonly Step[]): Folded[] {
  const groups = Map.groupBy(steps, wayOf);
  const folded: Folded[] = [];
  const told = new Set<string>();
  for (const step of steps) {
    const way = wayOf(step);
    const group = groups.get(way) ?? [step];
    if (group.length < MANY || !isOfMember(step)) folded.push({ step, alike: [] });
    else if (!told.has(way)) folded.push({ step, alike: group.slice(1) });
    told.add(way);
  }
  return folded;
}

/** Steps that stand for one of many: a Pod that was made, removed or befallen. How a rollout went on is told step by step. */
function isOfMember({ source, reason }: Step): boolean {
  return source === 'inferred' || reason === 'SuccessfulCreate' || reason === 'SuccessfulDelete';
}

/** How a step went: what it says without what is different each time, how it came out, and the same of all below it. */
export function wayOf(step: Step): string {
  const { says, outcome, severity, count, object, container, steps } = step;
  const below = [...new Set(steps.filter((each) => !each.echo).map(wayOf))].join('|');
  return `${object.kind} ${container} ${messageShape(says)} ${outcome} ${severity} ${count > 1} (${below})`;
}
