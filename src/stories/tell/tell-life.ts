import type { Micros } from '../../lib/time.ts';
import type { Atom } from './atom.ts';
import { cutStretches } from './cut-stretches.ts';
import { type Draft, lastOf } from './draft.ts';
import { findEnding, isAboutEnding, isOfEnding } from './find-ending.ts';
import { followMatters, type OpenTrouble } from './follow-matters.ts';
import { gatherDrafts } from './gather-drafts.ts';
import type { Horizon } from './horizon.ts';
import { deletedAt, type Life } from './life.ts';
import { orderLife } from './order-life.ts';
import { settleDrafts } from './settle-drafts.ts';

/** A life as steps: its beginning, what befell it later, and its end. */
export interface ToldLife {
  readonly life: Life;
  /** In order. */
  readonly stretches: readonly Stretch[];
  readonly troubles: readonly OpenTrouble[];
  /** When all its containers that are known had been started. */
  readonly startedAt: Micros | undefined;
  /** When a Pod was asked, forced or seen to go. */
  readonly endingAt: Micros | undefined;
  /** Its latest happening. */
  readonly lastAt: Micros;
}

/**
 * `life`: what happened until it was quiet, the first such stretch being its birth where that is known; `ending`: being stopped;
 * `unreachable`: said about a Pod while its Node did not report.
 */
export interface Stretch {
  readonly as: 'life' | 'ending' | 'unreachable';
  readonly drafts: readonly Draft[];
  readonly from: Micros;
  readonly to: Micros;
}

/** What its owner says of a life: when it was made and removed. */
export interface LifeFrame {
  readonly createdBy: Atom | undefined;
  readonly deletedBy: Atom | undefined;
}

/**
 * Tells one incarnation of an object by itself. Which story each stretch belongs to is decided where its owners are known.
 *
 * @param draftOf is told the step of each happening
 */
export function tellLife(
  life: Life,
  frame: LifeFrame,
  horizon: Horizon,
  draftOf: Map<Atom, Draft>,
): ToldLife {
  const atoms = orderLife(life);
  const isPod = life.object.kind === 'Pod';
  const endingAt = findEnding(life, atoms, frame.deletedBy);
  const goneAt = deletedAt(life) ?? (isPod ? undefined : frame.deletedBy?.at);
  const isFollowed = (atom: Atom) =>
    endingAt === undefined || !isOfEnding(atom, endingAt) || isAboutEnding(atom);
  const matters = followMatters(atoms, endingAt ?? goneAt, goneAt, horizon, isFollowed);
  const partOf = (atom: Atom): Stretch['as'] => {
    if (isPod && atom.reason.topic === 'node-ready') return 'unreachable';
    return isOfEnding(atom, endingAt) ? 'ending' : 'life';
  };
  const stretches: Stretch[] = [];
  const isLiving = (atom: Atom) => partOf(atom) === 'life';
  for (const stretch of cutStretches(atoms, matters.openBefore, isLiving, isEager(life)))
    addStretch(stretches, 'life', stretch);
  for (const as of isPod ? LATER : []) {
    const atomsOf = atoms.filter((atom) => partOf(atom) === as);
    if (atomsOf.length > 0) addStretch(stretches, as, atomsOf);
  }
  for (const stretch of stretches) if (stretch.as === 'ending') belittle(stretch.drafts);
  for (const { drafts } of stretches)
    for (const draft of drafts) for (const atom of draft.atoms) draftOf.set(atom, draft);
  settleDrafts(draftOf, matters);
  return {
    life,
    stretches,
    troubles: matters.troubles,
    startedAt: findStart(atoms),
    endingAt,
    lastAt: latestOf(atoms),
  };
}

const LATER = ['unreachable', 'ending'] as const;

/** What belongs to workloads is cut by what its controllers say; all else by its own beginnings. */
export function isEager(life: Life): boolean {
  return !OF_WORKLOADS.has(life.object.kind);
}

const OF_WORKLOADS: ReadonlySet<string> = new Set([
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'Rollout',
]);

/** A failure that belongs to being stopped is none. */
function belittle(drafts: readonly Draft[]): void {
  for (const draft of drafts) draft.isMinor = !draft.atoms.some((atom) => isAboutEnding(atom));
}

function addStretch(stretches: Stretch[], as: Stretch['as'], atoms: readonly Atom[]): void {
  const drafts = gatherDrafts(atoms);
  const [first] = drafts;
  if (first === undefined) return;
  const to = drafts.reduce((last, draft) => Math.max(last, lastOf(draft)), Number.NEGATIVE_INFINITY);
  stretches.push({ as, drafts, from: first.atoms[0]?.at ?? 0, to });
}

function latestOf(atoms: readonly Atom[]): Micros {
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of atoms) if (at > last) last = at;
  return last;
}

/** When the last of the containers that are spoken of was started for the first time; undefined until each of them was. */
function findStart(atoms: readonly Atom[]): Micros | undefined {
  let started: Map<string, Micros | undefined> | undefined;
  for (const { container, reason, at, event } of atoms) {
    if (container === '' || event === undefined) continue;
    started ??= new Map();
    if (reason.topic === 'starting' && reason.does === 'ends')
      started.set(container, started.get(container) ?? at);
    else if (!started.has(container)) started.set(container, undefined);
  }
  let last: Micros | undefined;
  for (const at of started?.values() ?? []) {
    if (at === undefined) return undefined;
    last = Math.max(last ?? at, at);
  }
  return last;
}
