import type { Atom } from './atom.ts';
import { type Draft, draftOf } from './draft.ts';

/**
 * Puts happenings that say the same of the same object together: repeats of one Event, and Events that differ only in numbers and random
 * names. What names another object it made or removed stays by itself: each of these is a step of its own.
 *
 * @param atoms of one stretch of one story, in order
 * @returns in order; what is silent makes none
 */
export function gatherDrafts(atoms: readonly Atom[]): Draft[] {
  const drafts = new Map<string, Draft>();
  for (const atom of atoms) {
    if (atom.reason.silent === true) continue;
    const key = sayingOf(atom);
    const draft = drafts.get(key);
    if (draft === undefined) drafts.set(key, draftOf(atom));
    else draft.atoms.push(atom);
  }
  return [...drafts.values()];
}

const BY_ITSELF: ReadonlySet<string> = new Set(['creates', 'deletes', 'scales', 'rescales']);

function sayingOf(atom: Atom): string {
  const { object, by, event, reason, container, shape, claim } = atom;
  if (claim !== undefined && BY_ITSELF.has(claim.does)) return `${atom.source}@${atom.at} ${atom.message}`;
  return `${object.uid || object.name} ${by} ${event?.type} ${reason.reason} ${container} ${claim === undefined ? shape : atom.message}`;
}
