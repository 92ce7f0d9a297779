import type { Step, Trouble } from '../story.ts';
import { walkSteps } from './walk-steps.ts';

/** What ended a Pod by force: nothing of it heals, but its owner may make another. */
const FORCED_ENDS: ReadonlySet<string> = new Set([
  'evicted',
  'preempted',
  'not-admitted',
  'deadline-exceeded',
]);

export function isForcedEnd({ failure, object }: Trouble): boolean {
  return object.kind === 'Pod' && FORCED_ENDS.has(failure);
}

/** Whether a container of another Pod was started since a Pod was ended. */
export function isMadeUpFor({ firstAt, object }: Trouble, steps: readonly Step[]): boolean {
  return [...walkSteps(steps)].some(
    (step) => step.reason === 'Started' && step.at >= firstAt && step.object.uid !== object.uid,
  );
}
