import type { Atom } from './atom.ts';
import { type Boundary, type Episode, episodeTo, openEpisode } from './episode.ts';
import { QUIET } from './limits.ts';

type Phase = 'growing' | 'leaving' | 'updating' | 'shrinking';

interface State {
  episode: Episode | undefined;
  phase: Phase;
  /** The ordinal spoken of last. */
  ordinal: number;
  readonly alive: Set<number>;
}

const ORDINAL = /-(\d+)$/;

/**
 * Cuts what a StatefulSet says of its Pods into rollouts and scalings, by their numbers:
 * - Pods made upwards: growing
 * - one removed and made again, then the one below: a rolling update
 * - Pods removed downwards without being made again: shrinking
 *
 * Making again a Pod that the StatefulSet did not remove is an incident: it replaces one that ended otherwise.
 *
 * @param atoms that claim `creates` or `deletes` of Pods or their claims, in order
 */
export function segmentOrdinals(atoms: readonly Atom[], isBoundary: Boundary): Episode[] {
  const episodes: Episode[] = [];
  const state: State = { episode: undefined, phase: 'growing', ordinal: -1, alive: new Set() };
  for (const [index, atom] of atoms.entries()) {
    const before = atoms[index - 1];
    const joins = before !== undefined && !isBoundary(before, atom) && joinsEpisode(state, atom);
    if (joins) state.episode?.atoms.push(atom);
    else episodes.push(beginEpisode(state, atom));
    moveOn(state, atom, joins);
  }
  return episodes;
}

function joinsEpisode(state: State, atom: Atom): boolean {
  const { episode, phase, ordinal, alive } = state;
  if (episode === undefined) return false;
  if (atom.claim?.kind !== 'Pod') return !isLate(episode, atom);
  const next = ordinalOf(atom);
  if (atom.claim.does === 'creates') {
    if (phase === 'growing') return next >= ordinal && !alive.has(next) && !isLate(episode, atom);
    return phase === 'leaving' && next === ordinal;
  }
  if (phase === 'growing') return false;
  if (phase === 'leaving' || phase === 'shrinking') return next <= ordinal && !isLate(episode, atom);
  return next < ordinal;
}

function isLate(episode: Episode, atom: Atom): boolean {
  return atom.at - episodeTo(episode) >= QUIET;
}

function beginEpisode(state: State, atom: Atom): Episode {
  const isAgain =
    atom.claim?.does === 'creates' && atom.claim.kind === 'Pod' && state.alive.has(ordinalOf(atom));
  state.episode = openEpisode(isAgain ? 'incident' : 'scaling', atom);
  return state.episode;
}

function moveOn(state: State, atom: Atom, joined: boolean): void {
  if (atom.claim?.kind !== 'Pod') {
    if (!joined) state.phase = 'growing';
    return;
  }
  const ordinal = ordinalOf(atom);
  if (atom.claim.does === 'creates') {
    if (joined && state.phase === 'leaving') {
      state.phase = 'updating';
      if (state.episode !== undefined) state.episode.kind = 'rollout';
    } else state.phase = 'growing';
    state.alive.add(ordinal);
  } else {
    state.phase = joined && state.phase !== 'updating' ? 'shrinking' : 'leaving';
    state.alive.delete(ordinal);
  }
  state.ordinal = ordinal;
}

function ordinalOf(atom: Atom): number {
  return Number(ORDINAL.exec(atom.claim?.name ?? '')?.[1] ?? 0);
}
