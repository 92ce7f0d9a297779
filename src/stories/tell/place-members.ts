import type { Micros } from '../../lib/time.ts';
import { type Atom, orderOf } from './atom.ts';
import { type Draft, inferDraft, originOf } from './draft.ts';
import { inferOwner } from './infer-owner.ts';
import { createdAt } from './life.ts';
import { REPLACEMENT, SKEW } from './limits.ts';
import type { ScaleSteps } from './scale-steps.ts';
import type { Stretch } from './tell-life.ts';
import type { FramedLife, Workload } from './workload.ts';

/** A part of what befell a member that no controller called for. */
export interface LooseEnd {
  readonly member: FramedLife;
  readonly stretch: Stretch;
  /** What it is told as: the member's steps, under one of its own where it is not itself what the story is about. */
  readonly drafts: readonly Draft[];
}

export interface PlacedMembers {
  readonly loose: readonly LooseEnd[];
  /** Makings and removals that no scaling called for, in order. */
  readonly uncalled: readonly Atom[];
  /** For each making (or the step that stands for one), whom it made. */
  readonly madeBy: ReadonlyMap<Draft, FramedLife>;
}

/**
 * Hangs what is told of Pods (and claims for volumes) below the steps that made and removed them, these below the scalings that called for
 * them, and a replacement below the end that called for it. What remains is loose.
 *
 * @param scaling undefined where Pods are made without scaling ReplicaSets
 */
export function placeMembers(workload: Workload, scaling: ScaleSteps | undefined): PlacedMembers {
  const { draftOf, claims } = workload;
  const members = [...workload.pods, ...workload.others.filter((told) => told.frame.createdBy !== undefined)];
  const madeBy = new Map<Draft, FramedLife>();
  const surplus: Atom[] = [];
  const uncalled: Atom[] = [];
  for (const atom of claims) {
    const { claim, object } = atom;
    if (claim === undefined || claim.does === 'scales') continue;
    if (scaling === undefined || object.kind !== 'ReplicaSet') continue;
    const parent =
      claim.does === 'creates'
        ? scaling.takeUp(object.name, atom.at)
        : scaling.takeDown(object.name, atom.at);
    if (parent !== undefined) hang(parent, draftOf.get(atom));
    else (claim.does === 'creates' ? surplus : uncalled).push(atom);
  }
  const loose: LooseEnd[] = [];
  for (const member of members) loose.push(...placeMember(workload, member, scaling, madeBy));
  const replaceable = loose.filter((end) => end.stretch.as === 'ending');
  for (const atom of surplus) {
    const draft = draftOf.get(atom);
    const parent = takeReplaced(replaceable, atom) ?? scaling?.takeEarlierUp(atom.object.name, atom.at);
    if (parent === undefined) uncalled.push(atom);
    else hang(parent, draft);
  }
  return { loose, uncalled: uncalled.sort((a, b) => orderOf(a) - orderOf(b)), madeBy };
}

function hang(parent: Draft, draft: Draft | undefined): void {
  if (draft !== undefined) parent.children.push(draft);
}

function placeMember(
  workload: Workload,
  member: FramedLife,
  scaling: ScaleSteps | undefined,
  madeBy: Map<Draft, FramedLife>,
): LooseEnd[] {
  const { draftOf } = workload;
  const { frame, stretches } = member;
  const making = frame.createdBy === undefined ? undefined : draftOf.get(frame.createdBy);
  const removal = frame.deletedBy === undefined ? undefined : draftOf.get(frame.deletedBy);
  if (making !== undefined) madeBy.set(making, member);
  const loose: LooseEnd[] = [];
  for (const [index, stretch] of stretches.entries()) {
    if (index === 0 && stretch.as === 'life') {
      const maker = making ?? inferMaking(member, stretch, scaling, madeBy);
      if (maker !== undefined) {
        maker.children.push(...stretch.drafts);
        continue;
      }
    }
    const remover = stretch.as === 'ending' ? (removal ?? inferRemoval(member, stretch, scaling)) : undefined;
    if (remover !== undefined) remover.children.push(...stretch.drafts);
    else loose.push(toLooseEnd(workload, member, stretch));
  }
  return loose;
}

/** A Pod whose making left no Event, but which a scaling called for. */
function inferMaking(
  member: FramedLife,
  stretch: Stretch,
  scaling: ScaleSteps | undefined,
  madeBy: Map<Draft, FramedLife>,
): Draft | undefined {
  const bornAt = birthOf(member, stretch);
  if (bornAt === undefined || scaling === undefined) return undefined;
  const parent = scaling.takeUp(setOf(member), bornAt);
  if (parent === undefined) return undefined;
  const { object } = member.life;
  const making = inferDraft(bornAt, object, `Pod ${object.name}`);
  parent.children.push(making);
  madeBy.set(making, member);
  return making;
}

/** A Pod whose removal left no Event, but which a scaling called for. */
function inferRemoval(
  member: FramedLife,
  stretch: Stretch,
  scaling: ScaleSteps | undefined,
): Draft | undefined {
  const parent = scaling?.takeDownSoon(setOf(member), stretch.from);
  if (parent === undefined) return undefined;
  const { object } = member.life;
  const removal = inferDraft(stretch.from, object, `Pod ${object.name}`);
  parent.children.push(removal);
  return removal;
}

/** When a Pod was made, if what is known of it reaches back that far. */
export function birthOf(member: FramedLife, stretch: Stretch): Micros | undefined {
  const created = createdAt(member.life);
  if (created !== undefined) return Math.min(stretch.from, created);
  const isScheduled = stretch.drafts.some((draft) => draft.atoms[0]?.reason.topic === 'scheduling');
  return isScheduled ? stretch.from : undefined;
}

/** The name of the ReplicaSet that a Pod belongs to. */
function setOf(member: FramedLife): string {
  const { life } = member;
  const owner =
    life.known?.owners.find((reference) => reference.controller) ?? inferOwner('Pod', life.object.name);
  return owner?.kind === 'ReplicaSet' ? owner.name : '';
}

function toLooseEnd(workload: Workload, member: FramedLife, stretch: Stretch): LooseEnd {
  const { object, name } = member.life;
  if (workload.topLife?.name === name) return { member, stretch, drafts: stretch.drafts };
  const wrapper = inferDraft(stretch.from, object, `${object.kind} ${object.name}`);
  wrapper.children.push(...stretch.drafts);
  return { member, stretch, drafts: [wrapper] };
}

/** The end that a new Pod makes up for: the latest of the same ReplicaSet (of the same name, where names come back). Each is made up for once. */
export function takeReplaced(endings: LooseEnd[], atom: Atom): Draft | undefined {
  const name = atom.claim?.name ?? '';
  const keepsNames = atom.object.kind === 'StatefulSet';
  let best: LooseEnd | undefined;
  for (const end of endings) {
    const { from } = end.stretch;
    if (from > atom.at + SKEW || from < atom.at - REPLACEMENT) continue;
    if (keepsNames ? end.member.life.object.name !== name : !isOfSet(end.member, atom)) continue;
    if (best === undefined || isLater(end, best)) best = end;
  }
  if (best === undefined) return undefined;
  endings.splice(endings.indexOf(best), 1);
  return best.drafts.at(-1);
}

function isOfSet(member: FramedLife, atom: Atom): boolean {
  if (atom.object.kind === 'ReplicaSet') return setOf(member) === '' || setOf(member) === atom.object.name;
  return member.life.object.name.startsWith(`${atom.object.name}-`);
}

function isLater(a: LooseEnd, b: LooseEnd): boolean {
  const [x, y] = [a.drafts[0], b.drafts[0]];
  if (a.stretch.from !== b.stretch.from) return a.stretch.from > b.stretch.from;
  return x !== undefined && y !== undefined && originOf(x) > originOf(y);
}
