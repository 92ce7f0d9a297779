import type { Trouble } from '../story.ts';
import { isForcedEnd } from '../tell/forced-ends.ts';
import { SKEW } from '../tell/limits.ts';
import type { Case } from './collect-cases.ts';

/** A case with those that it explains. */
export interface Cause extends Case {
  readonly symptoms: Case[];
}

/**
 * Parts causes from symptoms, story by story: a crash loop is a symptom of what ends the container; a Pod that waits for a volume, of its
 * claim; a rollout that is stuck, of its Pods; a Pod that finds no Node, of the end of the one that it is to replace; what kept back or ended the Pods of a Job that failed, of that; Pods that are not reached, of their Node.
 */
export function explainSymptoms(cases: readonly Case[]): Cause[] {
  const causes: Cause[] = [];
  for (const [, ofStory] of Map.groupBy(cases, (each) => each.story.id)) {
    const causeOf = new Map(ofStory.map((each) => [each, findCause(each, ofStory)]));
    const roots = new Map<Case | undefined, Cause>();
    for (const each of ofStory)
      if (causeOf.get(each) === undefined) roots.set(each, { ...each, symptoms: [] });
    // What is explained at first hand tells more than what only follows from that.
    const symptoms = ofStory.filter((each) => !roots.has(each));
    const isDirect = (each: Case) => roots.has(causeOf.get(each));
    for (const each of [...symptoms.filter(isDirect), ...symptoms.filter((other) => !isDirect(other))])
      roots.get(findRoot(each, causeOf))?.symptoms.push(each);
    causes.push(...roots.values());
  }
  return joinClaims(causes);
}

/** A Pod only says that a claim of it is not bound, the claim itself why: where one alone in its namespace is in trouble, that is the one. */
function joinClaims(causes: readonly Cause[]): Cause[] {
  const claimOf = (pod: Cause): Cause | undefined => {
    if (pod.trouble.failure !== 'volume-unbound' || pod.trouble.object.kind !== 'Pod') return undefined;
    if (pod.trouble.subject !== '') return undefined;
    const { cluster, namespace } = pod.trouble.object;
    const claims = causes.filter(
      ({ trouble: { failure, object } }) =>
        failure === 'volume-unbound' &&
        object.kind === 'PersistentVolumeClaim' &&
        object.cluster === cluster &&
        object.namespace === namespace,
    );
    return claims.length === 1 ? claims[0] : undefined;
  };
  return causes.filter((cause) => {
    const claim = claimOf(cause);
    claim?.symptoms.push(cause, ...cause.symptoms);
    return claim === undefined;
  });
}

function findRoot(each: Case, causeOf: ReadonlyMap<Case, Case | undefined>): Case {
  let root = each;
  for (let next = causeOf.get(root); next !== undefined; next = causeOf.get(root)) root = next;
  return root;
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
  }
  if (story.kind === 'run' && trouble.object.kind === 'Pod')
    return findOther((other) => other.trouble.object.kind !== 'Pod' && OF_RUNS.has(other.trouble.failure));
  if (trouble.failure === 'volume-unbound' && trouble.object.kind === 'Pod')
    return findOther(
      (other) =>
        other.trouble.failure === 'volume-unbound' && other.trouble.object.kind === 'PersistentVolumeClaim',
    );
  if (trouble.failure === 'unschedulable' && story.kind === 'incident')
    return findOther(
      (other) => takesPodsAway(other.trouble) && other.trouble.firstAt <= trouble.firstAt + SKEW,
    );
  if (trouble.failure === 'rollout-stuck')
    return findOther((other) => other.trouble.failure !== 'rollout-stuck');
  if ((trouble.failure === 'node-not-ready' && trouble.object.kind === 'Pod') || isForcedEnd(trouble))
    return findOther((other) => other.trouble.object.kind === 'Node');
  return undefined;
}

/** Whether Pods went away with it that are to be replaced. */
function takesPodsAway(trouble: Trouble): boolean {
  return isForcedEnd(trouble) || trouble.failure === 'node-not-ready';
}

/** How a container ended. */
export const ENDINGS: ReadonlySet<string> = new Set(['crash-loop', 'crashed', 'oom-killed']);
const OF_RUNS: ReadonlySet<string> = new Set(['job-failed', 'deadline-exceeded']);

function isSameContainer(a: Case, b: Case): boolean {
  return a.trouble.container === b.trouble.container && a.trouble.object.name === b.trouble.object.name;
}
