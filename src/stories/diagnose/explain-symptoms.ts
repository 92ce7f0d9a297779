import { type Case, isForcedEnd } from './collect-cases.ts';

/** A case with those that it explains. */
export interface Cause extends Case {
  readonly symptoms: Case[];
}

/**
 * Parts causes from symptoms, story by story: a crash loop is a symptom of what ends the container; a Pod that waits for a volume, of its
 * claim; a rollout that is stuck, of its Pods; a Job that failed, of how its Pods ended; Pods that are not reached, of their Node.
 */
export function explainSymptoms(cases: readonly Case[]): Cause[] {
  const causes: Cause[] = [];
  for (const [, ofStory] of Map.groupBy(cases, (each) => each.story.id)) {
    const roots = ofStory
      .filter((each) => findCause(each, ofStory) === undefined)
      .map((each) => ({ ...each, symptoms: [] as Case[] }));
    for (const each of ofStory) {
      const cause = findCause(each, ofStory);
      roots.find((root) => root.trouble === cause?.trouble)?.symptoms.push(each);
    }
    causes.push(...roots);
  }
  return causes;
}

/** What ends or keeps back a container, by which a crash loop is explained, the closest first. */
const ENDS_CONTAINER = [
  'start-failed',
  'hook-failed',
  'config-missing',
  'liveness-failing',
  'startup-failing',
];

/** The case that explains another; it is no symptom itself. */
function findCause(each: Case, all: readonly Case[]): Case | undefined {
  const { trouble, story } = each;
  const others = all.filter((other) => other.trouble !== trouble);
  const findOther = (isCause: (other: Case) => boolean) => others.find(isCause);
  if (ENDINGS.has(trouble.failure)) {
    const closer = ENDS_CONTAINER.map((failure) =>
      findOther((other) => other.trouble.failure === failure && isSameContainer(other, each)),
    ).find((found) => found !== undefined);
    if (closer !== undefined) return closer;
    return story.kind === 'run' ? findOther((other) => OF_RUNS.has(other.trouble.failure)) : undefined;
  }
  if (trouble.failure === 'volume-unbound' && trouble.object.kind === 'Pod')
    return findOther(
      (other) =>
        other.trouble.failure === 'volume-unbound' && other.trouble.object.kind === 'PersistentVolumeClaim',
    );
  if (trouble.failure === 'rollout-stuck')
    return findOther((other) => other.trouble.failure !== 'rollout-stuck');
  if ((trouble.failure === 'node-not-ready' && trouble.object.kind === 'Pod') || isForcedEnd(trouble))
    return findOther((other) => other.trouble.object.kind === 'Node');
  return undefined;
}

const ENDINGS: ReadonlySet<string> = new Set(['crash-loop', 'crashed', 'oom-killed']);
const OF_RUNS: ReadonlySet<string> = new Set(['job-failed', 'deadline-exceeded']);

function isSameContainer(a: Case, b: Case): boolean {
  return a.trouble.container === b.trouble.container && a.trouble.object.name === b.trouble.object.name;
}
