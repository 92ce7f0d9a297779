import { sortInPlace } from '../../lib/sort-in-place.ts';
import { type Atom, compareAtoms, orderOf } from './atom.ts';
import type { Life } from './life.ts';
import { SKEW } from './limits.ts';

/**
 * All that happened to one incarnation of an object, in order. Status tells in whole seconds when a container ended, and a kubelet says that
 * it started one a moment after it did: the end is put after what must have come before it.
 */
export function orderLife(life: Life): Atom[] {
  const atoms = [...life.changes];
  for (const happenings of life.atoms) for (const atom of happenings) atoms.push(atom);
  sortInPlace(atoms, compareAtoms);
  return life.changes.some(isEnd) ? seatEnds(atoms).sort(compareAtoms) : atoms;
}

function seatEnds(atoms: readonly Atom[]): Atom[] {
  const running = new Set<string>();
  return atoms.map((atom, index) => {
    if (isStart(atom)) running.add(atom.container);
    if (!isEnd(atom)) return atom;
    const after = findLater(atom, atoms, index + 1, running.delete(atom.container));
    return after === undefined ? atom : { ...atom, delay: orderOf(after) + 1 - atom.at };
  });
}

/** The last of what cannot have happened after the end of a container: its start, when none is known before, and its Pod becoming ready. */
function findLater(end: Atom, atoms: readonly Atom[], from: number, isStarted: boolean): Atom | undefined {
  let [found, started] = [undefined as Atom | undefined, isStarted];
  for (let index = from; index < atoms.length; index++) {
    const atom = atoms[index];
    if (atom === undefined || atom.at - end.at > SKEW) break;
    if (isReady(atom) && started) found = atom;
    if (atom.container !== end.container) continue;
    if (isEnd(atom) || (isStart(atom) && started)) break;
    if (!isStart(atom)) continue;
    started = true;
    found = atom;
  }
  return found;
}

function isReady({ change, object }: Atom): boolean {
  return (
    change?.type === 'condition-changed' &&
    object.kind === 'Pod' &&
    change.condition === 'Ready' &&
    change.to === 'True'
  );
}

function isStart({ reason, event }: Atom): boolean {
  return event !== undefined && reason.topic === 'starting' && reason.does === 'ends';
}

function isEnd({ change, reason }: Atom): boolean {
  return change?.type === 'container-terminated' && reason.topic !== 'starting';
}
