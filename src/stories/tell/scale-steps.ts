import type { Micros } from '../../lib/time.ts';
import type { Atom } from './atom.ts';
import type { Draft } from './draft.ts';
import { CLOCKS, GRACE, SKEW } from './limits.ts';

interface ScaleStep {
  readonly draft: Draft;
  readonly at: Micros;
  readonly up: boolean;
  /** How many Pods it still has to make or remove. */
  left: number;
}

/** The steps by which ReplicaSets were scaled, to be asked which of them a Pod was made or removed for. */
export interface ScaleSteps {
  /** The step that a Pod made at that time was made for; none when all that it wanted are there already. */
  takeUp(replicaSet: string, at: Micros): Draft | undefined;
  takeDown(replicaSet: string, at: Micros): Draft | undefined;
  /** An earlier step of which not all Pods were heard of. */
  takeEarlierUp(replicaSet: string, at: Micros): Draft | undefined;
  /** As `takeDown`, for a Pod of whose removal nothing was said: only right after. */
  takeDownSoon(replicaSet: string, at: Micros): Draft | undefined;
  /** The latest step that made the ReplicaSet larger. */
  lastUp(replicaSet: string, at: Micros): Draft | undefined;
}

/** The size last heard of, unless that cannot be: what was scaled in between left no trace. */
export function sizeBefore(known: number | undefined, to: number, up: boolean): number | undefined {
  return known === undefined || (up ? known >= to : known <= to) ? undefined : known;
}

/** @param atoms that claim `scales`, in order */
export function readScaleSteps(atoms: readonly Atom[], draftOf: ReadonlyMap<Atom, Draft>): ScaleSteps {
  const bySet = new Map<string, ScaleStep[]>();
  const sizes = new Map<string, number>();
  for (const atom of atoms) {
    const { claim } = atom;
    const draft = draftOf.get(atom);
    if (claim?.does !== 'scales' || draft === undefined) continue;
    const { name, to = 0, up } = claim;
    const before = claim.from ?? sizeBefore(sizes.get(name), to, up) ?? (up ? 0 : Number.POSITIVE_INFINITY);
    const steps = bySet.get(name) ?? [];
    steps.push({ draft, at: atom.at, up, left: Math.abs(to - before) });
    bySet.set(name, steps);
    sizes.set(name, to);
  }
  const find = (name: string, up: boolean, at: Micros): ScaleStep | undefined => {
    const steps = (bySet.get(name) ?? []).filter((step) => step.up === up);
    const latest = steps.findLast((step) => step.at <= at);
    if (latest !== undefined && latest.left > 0) return latest;
    return (
      steps.find((step) => step.at > at && step.at <= at + SKEW && step.left > 0) ??
      steps.findLast((step) => step.at <= at && step.at > at - CLOCKS && step.left > 0) ??
      steps.find((step) => step.at > at && step.at <= at + CLOCKS && step.left > 0)
    );
  };
  const take = (step: ScaleStep | undefined): Draft | undefined => {
    if (step !== undefined) step.left--;
    return step?.draft;
  };
  return {
    takeUp: (name, at) => take(find(name, true, at)),
    takeEarlierUp: (name, at) =>
      take(bySet.get(name)?.find((step) => step.up && step.at <= at && step.left > 0)),
    takeDown: (name, at) => take(find(name, false, at)),
    takeDownSoon(name, at) {
      const step = find(name, false, at);
      return step !== undefined && at - step.at <= GRACE ? take(step) : undefined;
    },
    lastUp: (name, at) => bySet.get(name)?.findLast((step) => step.up && step.at <= at + SKEW)?.draft,
  };
}
