import type { Atom } from './atom.ts';
import { type Draft, draftOf } from './draft.ts';
import { messageShape } from './message-shape.ts';

/**
 * Puts happenings that say the same of the same object together: repeats of one Event, and Events that differ only in numbers and random
 * names. What names another object it made or removed stays by itself: each of these is a step of its own.
 *
 * @param atoms of one stretch of one story, in order
 * @returns in order; what is silent makes none
 */
export function gatherDrafts(atoms: readonly Atom[]): Draft[] {
  const [only] = atoms;
  if (only !== undefined && atoms.length === 1) return only.reason.silent === true ? [] : [draftOf(only)];
  const drafts: Draft[] = [];
  const byClaim = new Map<string, Draft>();
  const bySource = new Map<string, Draft>();
  const byReason = new Map<string, Draft[]>();
  for (const atom of atoms) {
    if (atom.reason.silent === true) continue;
    const isByItself = atom.claim !== undefined && BY_ITSELF.has(atom.claim.does);
    // Repeats within one second are no other step.
    const key = isByItself ? `${atom.source}@${atom.at} ${atom.message}` : atom.source;
    const index = isByItself ? byClaim : bySource;
    const alike = isByItself ? undefined : listIn(byReason, atom.reason.reason);
    const known = index.get(key) ?? alike?.find((draft) => saysTheSame(draft, atom));
    const draft = known ?? draftOf(atom);
    index.set(key, draft);
    if (known !== undefined) known.atoms.push(atom);
    else {
      drafts.push(draft);
      alike?.push(draft);
    }
  }
  return drafts;
}

function listIn(lists: Map<string, Draft[]>, key: string): Draft[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: Draft[] = [];
  lists.set(key, list);
  return list;
}

const BY_ITSELF: ReadonlySet<string> = new Set(['creates', 'deletes', 'scales', 'rescales']);

function saysTheSame(draft: Draft, atom: Atom): boolean {
  const [first] = draft.atoms;
  if (first === undefined || first.container !== atom.container) return false;
  if (first.by !== atom.by || first.event?.type !== atom.event?.type) return false;
  if (first.message === atom.message) return true;
  return (
    first.claim === undefined &&
    atom.claim === undefined &&
    messageShape(first.message) === messageShape(atom.message)
  );
}
