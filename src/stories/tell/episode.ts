import type { Micros } from '../../lib/time.ts';
import type { StoryKind } from '../story.ts';
import type { Atom } from './atom.ts';

/** What one beginning of a workload set in motion, as far as its controllers said so themselves. */
export interface Episode {
  kind: StoryKind;
  /** In order; at least one. */
  readonly atoms: Atom[];
  /** The ReplicaSet that a rollout leads to; empty where there is none. */
  target: string;
  /** It leads back to what was left before. */
  isBack: boolean;
  /** What remains of other ReplicaSets at its end. */
  readonly remains: Map<string, number>;
  /** How many replicas there were before, where that is known, and after. */
  sizes: { readonly from: number | undefined; readonly to: number } | undefined;
}

export function openEpisode(kind: StoryKind, atom: Atom, target = ''): Episode {
  return { kind, atoms: [atom], target, isBack: false, remains: new Map(), sizes: undefined };
}

export function episodeFrom(episode: Episode): Micros {
  return episode.atoms[0]?.at ?? 0;
}

export function episodeTo(episode: Episode): Micros {
  return episode.atoms.at(-1)?.at ?? 0;
}

/** Whether something that began this between two happenings is known: a change of the workload's spec. */
export type Boundary = (before: Atom, atom: Atom) => boolean;
