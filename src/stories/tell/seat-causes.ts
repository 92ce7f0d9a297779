import type { ObjectId } from '../../objects/object.ts';
import type { Confidence, SetOff, Trouble } from '../story.ts';
import type { Atom } from './atom.ts';
import { EVICTION_ASKED_FOR } from './describe-change.ts';
import { compareDrafts, draftOfCause } from './draft.ts';
import { SKEW } from './limits.ts';
import { type Plot, plotFrom } from './plot.ts';
import { sayOfOther } from './say-step.ts';
import type { SetOffTarget, WeighedChange } from './weigh-change.ts';

/** Knows the changes of what a workload refers to. */
export interface Causes {
  /** The change that most probably set a trouble off. */
  findCause(target: SetOffTarget): WeighedChange | undefined;
  /** The change that made a trouble well again. */
  findMending(trouble: Trouble): WeighedChange | undefined;
  /** The change of what applies an object, shortly before the object itself was changed. */
  findApplied(object: ObjectId, before: number): WeighedChange | undefined;
}

/** What a step says of its part, by how sure it is. */
const REMARKS: Readonly<Record<Exclude<Confidence, 'possible'>, string>> = {
  sure: 'set off what follows',
  likely: 'likely set off what follows',
};

/**
 * Tells changes of what a workload refers to where they led to: as what set troubles off, and, unless that is only possible, as steps of
 * their story.
 *
 * @param storyId tells the story of a plot apart
 * @returns the troubles, with what set them off
 */
export function seatCauses(
  plot: Plot,
  troubles: readonly Trouble[],
  storyId: string,
  causes: Causes,
): Trouble[] {
  const seated = new Set<Atom>();
  const seat = ({ atom, confidence }: WeighedChange, remark?: string): void => {
    if (confidence === 'possible' || seated.has(atom)) return;
    seated.add(atom);
    plot.drafts.push(draftOfCause(atom, storyId, remark ?? REMARKS[confidence]));
  };
  const applied = findApplied(plot, causes);
  if (applied !== undefined) seat(applied);
  const told = troubles.map((trouble) => {
    if (!isWorthACause(trouble)) return trouble;
    const cause = causes.findCause(trouble);
    const isOwn = cause !== undefined && !isOfRoot(cause, plot);
    if (isOwn) seat(cause);
    const mending = causes.findMending(trouble);
    if (mending !== undefined) seat(mending, 'that was what was missing');
    return {
      ...trouble,
      setOffBy: isOwn ? toSetOff(cause) : undefined,
      mendedBy: mending === undefined ? undefined : toSetOff(mending),
    };
  });
  if (seated.size > 0) plot.drafts.sort(compareDrafts);
  return told;
}

function isWorthACause({ severity, failure }: Trouble): boolean {
  return severity === 'error' || severity === 'warning' || failure === EVICTION_ASKED_FOR;
}

/** The change of a HelmRelease, a Kustomization… that led to the change which began a story. */
function findApplied({ root, guestOf }: Plot, causes: Causes): WeighedChange | undefined {
  const type = root?.change?.type;
  if (root === undefined || guestOf !== '' || (type !== 'spec-changed' && type !== 'created'))
    return undefined;
  return causes.findApplied(root.object, root.at);
}

/** What was changed before the workload itself, or with it in one go, is not closer than that, unless the error names it. */
function isOfRoot({ atom, confidence }: WeighedChange, plot: Plot): boolean {
  const { root } = plot;
  if (root === undefined || root.at > plotFrom(plot) + SKEW) return false;
  const isTogether = atom.by === root.by && Math.abs(atom.at - root.at) <= SKEW;
  return isTogether || (confidence !== 'sure' && atom.at <= root.at);
}

function toSetOff({ atom, confidence, because }: WeighedChange): SetOff {
  const { object, at, by } = atom;
  return { object, at, by, says: sayOfOther(atom), how: 'used', confidence, because };
}
