import type { Micros } from '../../lib/time.ts';
import { type Atom, compareAtoms } from './atom.ts';
import { cutStretches } from './cut-stretches.ts';
import { type Draft, lastOf } from './draft.ts';
import { findEnding, isAboutEnding, isOfEnding } from './find-ending.ts';
import { followMatters, type OpenTrouble } from './follow-matters.ts';
import { gatherDrafts } from './gather-drafts.ts';
import type { Horizon } from './horizon.ts';
import { deletedAt, type Life } from './life.ts';
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

/** Tells one incarnation of an object by itself. Which story each stretch belongs to is decided where its owners are known. */
export function tellLife(life: Life, frame: LifeFrame, horizon: Horizon): ToldLife {
  const atoms = [...life.atoms.values()].flat().sort(compareAtoms);
  const endingAt = findEnding(life, atoms, frame.deletedBy);
  const goneAt = deletedAt(life) ?? (life.object.kind === 'Pod' ? undefined : frame.deletedBy?.at);
  const followed = atoms.filter((atom) => !isOfEnding(atom, endingAt) || isAboutEnding(atom));
  const matters = followMatters(followed, endingAt ?? goneAt, goneAt, horizon);
  const openness = new Map(followed.map((atom, index) => [atom, matters.openBefore[index] ?? 'well']));
  const openBefore = (atom: Atom) => openness.get(atom) ?? 'well';
  const part = (atom: Atom) =>
    atom.reason.topic === 'node-ready' && life.object.kind === 'Pod'
      ? 'unreachable'
      : isOfEnding(atom, endingAt)
        ? 'ending'
        : 'life';
  const { life: living = [], unreachable = [], ending = [] } = Object.groupBy(atoms, part);
  const stretches = [
    ...cutStretches(living, openBefore, isEager(life)).map((stretch) => toStretch('life', stretch)),
    toStretch('unreachable', unreachable),
    toStretch('ending', ending),
  ].filter((stretch) => stretch.drafts.length > 0);
  for (const stretch of stretches) if (stretch.as === 'ending') expectAll(stretch.drafts);
  settleDrafts(
    stretches.flatMap((stretch) => stretch.drafts),
    matters,
  );
  return {
    life,
    stretches,
    troubles: matters.troubles,
    startedAt: findStart(atoms),
    endingAt,
    lastAt: atoms.reduce((last, atom) => Math.max(last, atom.at), Number.NEGATIVE_INFINITY),
  };
}

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

function expectAll(drafts: readonly Draft[]): void {
  for (const draft of drafts) draft.isExpected = !draft.atoms.some((atom) => isAboutEnding(atom));
}

function toStretch(as: Stretch['as'], atoms: readonly Atom[]): Stretch {
  const drafts = gatherDrafts(atoms);
  const to = drafts.reduce((last, draft) => Math.max(last, lastOf(draft)), Number.NEGATIVE_INFINITY);
  return { as, drafts, from: drafts[0]?.atoms[0]?.at ?? 0, to };
}

/** When the last of the containers that are spoken of was started for the first time; undefined until each of them was. */
function findStart(atoms: readonly Atom[]): Micros | undefined {
  const started = new Map<string, Micros | undefined>();
  for (const { container, reason, at, event } of atoms) {
    if (container === '' || event === undefined) continue;
    if (reason.topic === 'starting' && reason.does === 'ends')
      started.set(container, started.get(container) ?? at);
    else if (!started.has(container)) started.set(container, undefined);
  }
  let last: Micros | undefined;
  for (const at of started.values()) {
    if (at === undefined) return undefined;
    last = Math.max(last ?? at, at);
  }
  return last;
}
