import type { Step } from '../story.ts';

/** All steps and what is below them, depth first. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walkSteps(step.steps);
  }
}
