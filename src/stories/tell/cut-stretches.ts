import type { Atom } from './atom.ts';
import { isQuietBefore, type Openness } from './follow-matters.ts';
import { GRACE } from './limits.ts';

/**
 * Cuts what happened to one object into stretches. Quiet and something new begins another, unless something is still open that only an end
 * can close.
 *
 * @param openBefore for each of the atoms, as `followMatters` tells
 * @param isWanted which of them are to be cut; the others are left out
 * @param isEager whether another begins without quiet too, as soon as something begins or fails while all was well
 */
export function cutStretches(
  atoms: readonly Atom[],
  openBefore: readonly Openness[],
  isWanted: (atom: Atom) => boolean,
  isEager: boolean,
): Atom[][] {
  const stretches: Atom[][] = [];
  let [stretch, lastAt] = [[] as Atom[], Number.NEGATIVE_INFINITY];
  for (let index = 0; index < atoms.length; index++) {
    const [atom, openness = 'well'] = [atoms[index], openBefore[index]];
    if (atom === undefined || !isWanted(atom)) continue;
    if (atom.reason.silent === true) {
      stretch.push(atom);
      continue;
    }
    const begins = isEager && openness === 'well' && isBeginning(atom) && atom.at - lastAt >= GRACE;
    if (lastAt > Number.NEGATIVE_INFINITY && openness !== 'held' && (begins || isQuietBefore(atom, lastAt))) {
      stretches.push(stretch);
      stretch = [];
    }
    stretch.push(atom);
    lastAt = Math.max(lastAt, atom.at);
  }
  if (stretch.length > 0) stretches.push(stretch);
  return stretches;
}

function isBeginning({ reason }: Atom): boolean {
  return reason.does === 'begins' || reason.does === 'fails';
}
