import { sortInPlace } from '../../lib/sort-in-place.ts';
import type { Micros } from '../../lib/time.ts';
import type { Outcome } from '../story.ts';
import { compareDrafts, type Draft, lastOf, startOf, walkDrafts } from './draft.ts';
import type { Horizon } from './horizon.ts';
import { deletedAt } from './life.ts';
import { QUIET } from './limits.ts';
import type { Plot } from './plot.ts';
import type { FramedLife, Workload } from './workload.ts';

/** Orders the steps of stories, and writes into those by which controllers made and scaled things how long these took and how they came out. */
export function settlePlots(
  workload: Workload,
  plots: readonly Plot[],
  madeBy: ReadonlyMap<Draft, FramedLife>,
): void {
  const removed = new Map<Draft, FramedLife>();
  for (const pod of workload.pods) {
    const removal = pod.frame.deletedBy === undefined ? undefined : workload.draftOf.get(pod.frame.deletedBy);
    if (removal !== undefined) removed.set(removal, pod);
  }
  for (const plot of plots) {
    sortInPlace(plot.drafts, compareDrafts);
    for (const draft of walkDrafts(plot.drafts)) {
      if (draft.children.length > 1) sortInPlace(draft.children, compareDrafts);
      const made = madeBy.get(draft);
      if (made !== undefined) settleMaking(draft, made, workload.horizon);
      else if (isMaking(draft)) draft.outcome = 'unknown';
      const gone = removed.get(draft);
      if (gone !== undefined) draft.endsAt = seenToGoAt(gone);
    }
    for (const draft of walkDrafts(plot.drafts))
      if (draft.atoms[0]?.claim?.does === 'scales') settleScaling(draft);
  }
}

/** When it went; unknown where it is only missing from a list, which may be long after. */
function seenToGoAt({ life }: FramedLife): Micros | undefined {
  return life.known?.inferred === true ? undefined : deletedAt(life);
}

function isMaking(draft: Draft): boolean {
  return draft.atoms[0]?.claim?.does === 'creates';
}

/** A Pod is made once its containers were started; it failed when it is in trouble. */
function settleMaking(draft: Draft, made: FramedLife, horizon: Horizon): void {
  const { startedAt, endingAt, troubles, life, lastAt } = made;
  const isTroubled = troubles.some(
    (trouble) =>
      trouble.ended !== 'healed' &&
      trouble.ended !== 'silent' &&
      trouble.atoms[0]?.reason.severity === 'error',
  );
  draft.endsAt = startedAt === undefined ? undefined : Math.max(startedAt, startOf(draft));
  const isMade = startedAt !== undefined || life.object.kind !== 'Pod';
  if (isTroubled) draft.outcome = 'failed';
  else if (isMade) draft.outcome = 'succeeded';
  else if (endingAt !== undefined) draft.outcome = 'superseded';
  else draft.outcome = horizon.isPast(lastAt + 4 * QUIET) ? 'unknown' : 'in progress';
  if (draft.endsAt === undefined && endingAt !== undefined) draft.endsAt = Math.max(endingAt, startOf(draft));
}

function settleScaling(draft: Draft): void {
  const called = draft.children.filter(
    (child) => child.atoms[0]?.claim !== undefined || child.inferred !== undefined,
  );
  if (draft.children.length === 0) {
    draft.outcome = draft.atoms[0]?.claim?.up === true ? 'unknown' : 'succeeded';
    draft.endsAt = undefined;
    return;
  }
  draft.outcome = worstOf(draft.children.map((child) => child.outcome));
  const ends = called.map((child) => child.endsAt);
  draft.endsAt =
    ends.length > 0 && ends.every((at) => at !== undefined) ? Math.max(...ends, lastOf(draft)) : undefined;
}

const ORDER: readonly Outcome[] = ['failed', 'in progress', 'superseded', 'unknown', 'succeeded'];

/** The outcome of a whole by those of its parts. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return ORDER.find((outcome) => outcomes.includes(outcome)) ?? 'succeeded';
}
