import type { Outcome, Step, Trouble } from '../story.ts';
import { walkDrafts } from './draft.ts';
import { isForcedEnd, isMadeUpFor } from './forced-ends.ts';
import type { Plot } from './plot.ts';
import { worstOf } from './settle-plots.ts';

function isOpenTrouble(trouble: Trouble): boolean {
  return trouble.endedAt === undefined && isSevere(trouble);
}

/** What happens at once and is over is a hint at what follows, no failing. */
export function keepsFailing(trouble: Trouble): boolean {
  return isOpenTrouble(trouble) && !AT_ONCE.has(trouble.failure);
}

const AT_ONCE: ReadonlySet<string> = new Set(['node-oom']);

/** Whether it keeps something from working, rather than being a hint. */
export function isSevere(trouble: Trouble): boolean {
  return trouble.severity === 'error' || trouble.severity === 'warning';
}

/**
 * How a story came out.
 *
 * @param later the stories of the same workload that began after it
 * @param isGone the workload was deleted
 */
export function outcomeOf(
  plot: Plot,
  steps: readonly Step[],
  troubles: readonly Trouble[],
  later: readonly Plot[],
  isGone: boolean,
): Outcome {
  if (plot.kind === 'run') return outcomeOfRun(plot, steps, troubles, later, isGone);
  const isAbout = (kind: string) => !isWorkOf(plot) || !BESIDE.has(kind);
  if (troubles.some((trouble) => keepsFailing(trouble) && isAbout(trouble.object.kind))) return 'failed';
  if (plot.kind === 'incident') return outcomeOfIncident(troubles, steps);
  if (plot.kind === 'activity' || plot.kind === 'deletion')
    return worstOf(steps.map((step) => step.outcome).filter((outcome) => outcome !== 'unknown'));
  const own = steps.filter((step) => step.reason !== 'Killing' && isAbout(step.object.kind));
  const outcomes = own.map((step) => step.outcome);
  if (outcomes.includes('failed')) return 'failed';
  const isReplaced = later.some((other) => other.kind === 'rollout' || other.kind === 'deletion');
  if (outcomes.includes('superseded') && isReplaced) return 'superseded';
  return worstOf(outcomes);
}

/** What is told with a workload but is no part of its work: a rollout gets through although nobody can count how busy its Pods are. */
export const BESIDE: ReadonlySet<string> = new Set(['HorizontalPodAutoscaler', 'PodDisruptionBudget']);

function isWorkOf({ kind }: Plot): boolean {
  return kind === 'rollout' || kind === 'scaling' || kind === 'deletion';
}

/** What went away with its object did not become well, but where a Pod was ended by force another may run in its place. */
function outcomeOfIncident(troubles: readonly Trouble[], steps: readonly Step[]): Outcome {
  const severe = troubles.filter(isSevere);
  const isLost = (trouble: Trouble) => !isForcedEnd(trouble) || !isMadeUpFor(trouble, steps);
  if (severe.some((trouble) => trouble.ended === 'gone' && isLost(trouble))) return 'failed';
  return severe.some((trouble) => trouble.ended === 'silent') ? 'unknown' : 'succeeded';
}

/** A Job says itself how its run came out, whatever became of its Pods. */
function outcomeOfRun(
  plot: Plot,
  steps: readonly Step[],
  troubles: readonly Trouble[],
  later: readonly Plot[],
  isGone: boolean,
): Outcome {
  for (const draft of walkDrafts(plot.drafts)) {
    const { topic, does } = draft.atoms[0]?.reason ?? {};
    if (topic === 'run' && does === 'ends') return 'succeeded';
    if (topic === 'run' && does === 'fails') return 'failed';
    const { claim } = draft.atoms[0] ?? {};
    if (claim?.does === 'sees-done')
      return /fail/i.test(draft.atoms[0]?.message ?? '') ? 'failed' : 'succeeded';
  }
  if (isCutShort(plot)) return 'superseded';
  const worst = worstOf(steps.map((step) => step.outcome));
  if (isGone) return worst === 'failed' ? 'failed' : 'superseded';
  if (later.length > 0) return worst;
  return worst === 'failed' && !isTriedAgain(troubles) ? 'failed' : 'in progress';
}

/** A single crash is what a Job retries. */
function isTriedAgain(troubles: readonly Trouble[]): boolean {
  const open = troubles.filter(isOpenTrouble);
  return open.length > 0 && open.every((trouble) => trouble.failure === 'crashed' && trouble.count === 1);
}

function isCutShort(plot: Plot): boolean {
  for (const draft of walkDrafts(plot.drafts)) {
    const { claim } = draft.atoms[0] ?? {};
    if (claim?.does === 'deletes' && claim.kind === 'Job') return true;
  }
  return plot.root?.change?.type === 'deleted';
}
