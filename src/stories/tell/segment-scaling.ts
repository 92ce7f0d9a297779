import type { Atom } from './atom.ts';
import { type Boundary, type Episode, episodeFrom, episodeTo, openEpisode } from './episode.ts';
import { HANDOVER, NEXT_SYNC, SKEW } from './limits.ts';
import { sizeBefore } from './scale-steps.ts';

interface State {
  episode: Episode | undefined;
  /** Replicas by ReplicaSet, as last heard. */
  readonly sizes: Map<string, number>;
  /** The ReplicaSet that an episode began with sending Pods of away, while it is not known where to. */
  leaving: string;
  /** Where it leads if nothing else comes: the ReplicaSet that is left. */
  fallback: string;
  /** How many replicas there were before the latest rollout began. */
  wanted: number;
  /** How many there were of all ReplicaSets before it; in its middle the Deployment may be scaled. */
  total: number;
  /** The episode's ReplicaSet had been emptied without a trace: if another one shrinks now, it took that one's place. */
  isReturn: boolean;
}

/**
 * Cuts what a Deployment (or Argo Rollout) says of its ReplicaSets into rollouts and scalings, by what it means:
 * - another ReplicaSet grows: a rollout begins, which leads to that one; others shrinking is a part of it
 * - the one it led to grows again, with no other left: a scaling
 * - the one it led to shrinks: a scaling, or a rollout (back to the one that is left, or to one that grows right after)
 * - another one grows as soon as the one it led to had grown: both were changed in one go, and the controller scales first; a part of it
 * - several at once in the same direction: the Deployment was scaled in the middle of a rollout; a part of it
 *
 * @param atoms that claim `scales`, in order
 * @param isBoundary where a change of its template is known, it decides
 */
export function segmentScaling(atoms: readonly Atom[], isBoundary: Boundary): Episode[] {
  const episodes: Episode[] = [];
  const state: State = {
    episode: undefined,
    sizes: new Map(),
    leaving: '',
    fallback: '',
    wanted: 0,
    total: 0,
    isReturn: false,
  };
  for (const [index, atom] of atoms.entries()) {
    const before = atoms[index - 1];
    const joins =
      before !== undefined &&
      !isBoundary(before, atom) &&
      (isScaledMidway(atoms, index, state) || joinsEpisode(state, atom) || turnsIntoRollout(state, atom));
    if (joins) join(state, atom);
    else episodes.push(beginEpisode(state, atom));
    const { name, to = 0 } = atom.claim ?? { name: '' };
    state.sizes.set(name, to);
    noteRemains(state);
  }
  for (const episode of episodes)
    if (episode.kind === 'rollout' && episode.target === '') episode.kind = 'scaling';
  return episodes;
}

function join(state: State, atom: Atom): void {
  const { episode } = state;
  if (episode === undefined) return;
  episode.atoms.push(atom);
  if (!state.isReturn || atom.claim?.up !== false || atom.claim.name === episode.target) return;
  episode.kind = 'rollout';
  episode.isBack = true;
  episode.sizes = undefined;
  state.isReturn = false;
}

function noteRemains({ episode, sizes }: State): void {
  episode?.remains.clear();
  for (const [name, size] of sizes)
    if (size > 0 && name !== episode?.target) episode?.remains.set(name, size);
}

function joinsEpisode(state: State, atom: Atom): boolean {
  const { episode, sizes } = state;
  const { name = '', up = false } = atom.claim ?? {};
  if (episode === undefined) return false;
  if (state.leaving !== '') return joinsLeaving(state, episode, atom);
  if (!up) return name !== episode.target;
  if (name !== episode.target) return false;
  const othersLeft = [...sizes].some(([other, size]) => other !== name && size > 0);
  return othersLeft || atom.at - episodeTo(episode) <= SKEW;
}

/** Whether the Deployment was scaled only because its replicas were changed together with its template. */
function turnsIntoRollout(state: State, atom: Atom): boolean {
  const { episode, sizes, leaving } = state;
  const { name = '', up = false } = atom.claim ?? {};
  if (episode?.kind !== 'scaling' || leaving !== '' || !up || name === episode.target) return false;
  if (atom.at - episodeFrom(episode) > SKEW) return false;
  state.wanted = sizes.get(episode.target) ?? 0;
  state.total = totalOf(state);
  state.isReturn = false;
  episode.kind = 'rollout';
  episode.isBack = sizes.has(name);
  episode.target = name;
  episode.sizes = undefined;
  return true;
}

/** After the ReplicaSet that the last rollout led to began to shrink: where does this one lead? */
function joinsLeaving(state: State, episode: Episode, atom: Atom): boolean {
  const { name = '', up = false } = atom.claim ?? {};
  const waited = atom.at - episodeTo(episode);
  if (!up)
    return waited <= NEXT_SYNC || (name !== state.fallback && name !== state.leaving && waited <= HANDOVER);
  if (name === state.leaving) return false;
  if (name === state.fallback) {
    if ((state.sizes.get(name) ?? 0) >= state.wanted) return false;
  } else if (waited > (isEmptied(state) ? HANDOVER : NEXT_SYNC)) return false;
  episode.kind = 'rollout';
  episode.isBack = state.sizes.has(name);
  episode.target = name;
  state.leaving = '';
  return true;
}

/** Nothing is left, as in a Recreate rollout or when scaled to 0. */
function isEmptied(state: State): boolean {
  return [...state.sizes.values()].every((size) => size === 0);
}

function beginEpisode(state: State, atom: Atom): Episode {
  const { name = '', up = false, from, to = 0 } = atom.claim ?? {};
  const target = effectiveTarget(state);
  const known = state.sizes.get(name);
  const before = from ?? sizeBefore(known, to, up) ?? (up && known === undefined ? 0 : undefined);
  const isRollout = up && name !== target;
  const episode = openEpisode(isRollout ? 'rollout' : 'scaling', atom, up ? name : '');
  if (!isRollout && (before !== undefined || up)) episode.sizes = { from: before, to };
  state.isReturn = up && !isRollout && before !== known && (before === undefined || before === 0);
  if (isRollout) {
    state.wanted = state.sizes.get(target) ?? 0;
    state.total = totalOf(state);
    episode.isBack = state.sizes.has(name);
  }
  state.leaving = up ? '' : name;
  state.fallback = '';
  if (!up && to === 0) leadBack(state, episode, name);
  else if (!up) episode.target = name;
  state.episode = episode;
  return episode;
}

/** A ReplicaSet was emptied while another has Pods: back to that one. */
function leadBack(state: State, episode: Episode, leaving: string): void {
  const [largest] = [...state.sizes]
    .filter(([name, size]) => name !== leaving && size > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (largest === undefined) {
    episode.target = leaving;
    return;
  }
  state.fallback = largest[0];
  episode.kind = 'rollout';
  episode.isBack = true;
  episode.target = largest[0];
  episode.sizes = undefined;
}

function effectiveTarget(state: State): string {
  return state.episode?.target ?? '';
}

/** Whether the Deployment was scaled in the middle of a rollout; after that, what was left behind may be as large as all were then. */
function isScaledMidway(atoms: readonly Atom[], index: number, state: State): boolean {
  const { name = '', to = 0 } = atoms[index]?.claim ?? {};
  if (!isProportional(atoms, index, state) && !outgrows(state, atoms[index])) return false;
  state.total = Math.max(state.total, totalOf(state) - (state.sizes.get(name) ?? 0) + to);
  return true;
}

/**
 * A ReplicaSet that is being left gets larger than all were together before: no rollback does that, it was given the larger part (or all)
 * of what the Deployment was scaled up by.
 */
function outgrows({ episode, sizes, total, leaving }: State, atom: Atom | undefined): boolean {
  const { name = '', up = false, to = 0 } = atom?.claim ?? {};
  if (!up || episode?.kind !== 'rollout' || leaving !== '' || name === episode.target) return false;
  return (sizes.get(name) ?? 0) > 0 && (sizes.get(episode.target) ?? 0) > 0 && to > total;
}

function totalOf({ sizes }: State): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Whether the episode's ReplicaSet and another are scaled in one direction at one time. */
function isProportional(atoms: readonly Atom[], index: number, state: State): boolean {
  const atom = atoms[index];
  const target = state.episode?.target ?? '';
  const { claim } = atom ?? {};
  if (atom === undefined || claim === undefined || target === '' || state.leaving !== '') return false;
  const isTarget = claim.name === target;
  const near = [atoms[index - 1], atoms[index + 1]];
  return near.some(
    (other) =>
      other?.claim !== undefined &&
      Math.abs(other.at - atom.at) <= SKEW &&
      other.claim.up === claim.up &&
      (isTarget
        ? other.claim.name !== target && (state.sizes.get(other.claim.name) ?? 0) > 0
        : other.claim.name === target) &&
      (isTarget || (state.sizes.get(claim.name) ?? 0) > 0),
  );
}
