import { sortInPlace } from '../../lib/sort-in-place.ts';
import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import { type Atom, compareAtoms } from './atom.ts';
import type { Draft } from './draft.ts';
import { breakCircles, frameLives, gatherClaims } from './frame-lives.ts';
import type { Horizon } from './horizon.ts';
import type { Life } from './life.ts';
import { type LifeFrame, type ToldLife, tellLife } from './tell-life.ts';

/** A life, and what its owner said of it. */
export interface FramedLife extends ToldLife {
  readonly frame: LifeFrame;
}

/** What is above a workload. */
export interface Owner {
  readonly id: ObjectId;
  readonly isGone: boolean;
}

export type NodeTroubled = (node: string, at: Micros) => boolean;

/** Everything of one workload (or other object without an owner) and what it owns, told life by life. */
export interface Workload {
  readonly top: ObjectId;
  readonly topLife: Life | undefined;
  /** What is above it but keeps its own stories. */
  readonly owner: Owner | undefined;
  readonly horizon: Horizon;
  /** Whether a Node was in trouble at a time, so that what befell its Pods is told with it. */
  readonly isNodeTroubled: NodeTroubled;
  /** That its namespace was deleted, if it was. */
  readonly namespaceEnd: Atom | undefined;
  /** All but Pods. */
  readonly others: readonly FramedLife[];
  readonly pods: readonly FramedLife[];
  /** Of every happening that is a step. */
  readonly draftOf: ReadonlyMap<Atom, Draft>;
  /** What controllers say they made, removed and scaled, in order. */
  readonly claims: readonly Atom[];
}

/** @param lives all incarnations of all objects of one workload */
export function readWorkload(
  top: ObjectId,
  topName: string,
  lives: readonly Life[],
  horizon: Horizon,
  isNodeTroubled: NodeTroubled,
  namespaceEnd: Atom | undefined,
  owner: Owner | undefined,
): Workload {
  const named = gatherClaims(lives);
  const draftOf = new Map<Atom, Draft>();
  const others: FramedLife[] = [];
  const pods: FramedLife[] = [];
  const framed = new Map<Life, LifeFrame>();
  for (const [name, sameName] of Map.groupBy(lives, (life) => life.name))
    for (const [life, frame] of frameLives(sameName, named.get(name))) framed.set(life, frame);
  for (const [life, frame] of breakCircles(framed))
    (life.object.kind === 'Pod' ? pods : others).push({
      ...tellLife(life, frame, horizon, draftOf),
      frame,
    });
  sortInPlace(others, compareLives);
  sortInPlace(pods, compareLives);
  const claims: Atom[] = [];
  // Said twice in one second is done once.
  for (const { stretches } of others)
    for (const { drafts } of stretches)
      for (const { atoms } of drafts)
        if (atoms[0] !== undefined && isControl(atoms[0])) claims.push(atoms[0]);
  sortInPlace(claims, compareAtoms);
  return {
    top,
    topLife: latestNamed(lives, topName),
    owner,
    horizon,
    isNodeTroubled,
    namespaceEnd,
    others,
    pods,
    draftOf,
    claims,
  };
}

/** By when they are first heard of: what is placed first must not depend on what was heard first. */
function compareLives(a: FramedLife, b: FramedLife): number {
  const [x, y] = [a.stretches[0]?.from ?? 0, b.stretches[0]?.from ?? 0];
  return x - y || (a.life.key < b.life.key ? -1 : 1);
}

/** A step by which a controller made, removed or scaled something. */
export function isControl(atom: Atom): boolean {
  const does = atom.claim?.does;
  return does === 'creates' || does === 'deletes' || does === 'scales';
}

function latestNamed(lives: readonly Life[], name: string): Life | undefined {
  return lives
    .filter((life) => life.name === name)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .at(-1);
}
