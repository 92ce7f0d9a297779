import type { Atom } from './atom.ts';
import { type Boundary, type Episode, episodeTo, openEpisode } from './episode.ts';
import { QUIET } from './limits.ts';

/**
 * Cuts what a DaemonSet, a ReplicaSet without a Deployment or anything else that makes Pods says of them: after quiet another episode
 * begins; and removing a Pod begins one when so far Pods were only made (a rolling update, or shrinking).
 *
 * @param atoms that claim `creates` or `deletes`, in order
 */
export function segmentMaking(atoms: readonly Atom[], isBoundary: Boundary): Episode[] {
  const episodes: Episode[] = [];
  let [episode, hasRemoved] = [undefined as Episode | undefined, false];
  for (const [index, atom] of atoms.entries()) {
    const before = atoms[index - 1];
    const removes = atom.claim?.does === 'deletes';
    const isQuiet = episode !== undefined && atom.at - episodeTo(episode) >= QUIET;
    if (
      before === undefined ||
      episode === undefined ||
      isQuiet ||
      isBoundary(before, atom) ||
      (removes && !hasRemoved)
    ) {
      episode = openEpisode('scaling', atom);
      episodes.push(episode);
      hasRemoved = removes;
    } else {
      episode.atoms.push(atom);
      if (!removes && hasRemoved) episode.kind = 'rollout';
    }
  }
  return episodes;
}
