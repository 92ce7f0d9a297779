import type { StepJson, StoryJson } from '../api/answers.ts';

/** A step where it stands in its story. */
export interface PlacedStep {
  readonly step: StepJson;
  /** What caused it; undefined when it began the story. */
  readonly cause: StepJson | undefined;
  readonly depth: number;
}

/** Every step of a story, each after what caused it, as it is read. */
export function walkSteps({ root, steps }: Pick<StoryJson, 'root' | 'steps'>): PlacedStep[] {
  const placed: PlacedStep[] = [];
  const walk = (below: readonly StepJson[], cause: StepJson | undefined, depth: number): void => {
    for (const step of below) {
      placed.push({ step, cause, depth });
      walk(step.steps, step, depth + 1);
    }
  };
  if (root !== null) placed.push({ step: root, cause: undefined, depth: 0 });
  walk(steps, root ?? undefined, root === null ? 0 : 1);
  return placed;
}

/** What a step set in motion; what began a story set all the rest in motion. */
export function causedBy(step: StepJson, story: StoryJson): readonly StepJson[] {
  return step.id === story.root?.id ? story.steps : step.steps;
}
