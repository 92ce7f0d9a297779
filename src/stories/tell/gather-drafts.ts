import { SECOND } from '../../lib/time.ts';
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
  const bySource = new Map<string, Draft>();
  const alike: Alike = new Map();
  for (const atom of atoms) {
    if (atom.reason.silent === true) continue;
    const isByItself = atom.claim !== undefined && BY_ITSELF.has(atom.claim.does);
    const isRepeated = !isByItself && atom.occurrences.length > 1;
    const known = isByItself
      ? findSameMoment(drafts, atom)
      : isRepeated
        ? bySource.get(atom.source)
        : undefined;
    const draft = known ?? (isByItself ? draftOf(atom) : joinAlike(alike, atom));
    if (known === undefined && isRepeated) bySource.set(atom.source, draft);
    if (draft.atoms[0] === atom) drafts.push(draft);
    else draft.atoms.push(atom);
  }
  return drafts;
}

/** Repeats within one second are no other step. */
function findSameMoment(drafts: readonly Draft[], { source, at, message, index }: Atom): Draft | undefined {
  if (index === 0) return undefined;
  for (let before = drafts.length - 1; before >= 0; before--) {
    const [first] = drafts[before]?.atoms ?? [];
    if (first === undefined || first.at < at - SECOND) return undefined;
    if (first.source === source && first.at === at && first.message === message) return drafts[before];
  }
  return undefined;
}

const BY_ITSELF: ReadonlySet<string> = new Set(['creates', 'deletes', 'scales', 'rescales']);

/** By reason: the only step of it; from the second on, all by their words, which few reasons need. */
type Alike = Map<string, Draft | Map<string, Draft>>;

/** The step that says the same as a happening; else a new one that begins with it. */
function joinAlike(alike: Alike, atom: Atom): Draft {
  const { reason } = atom.reason;
  const known = alike.get(reason);
  if (known === undefined) {
    const only = draftOf(atom);
    alike.set(reason, only);
    return only;
  }
  let byWords = known;
  if (!(byWords instanceof Map)) {
    const [told] = byWords.atoms;
    if (told === undefined || isSaidAgain(told, atom)) return byWords;
    byWords = new Map([[wordsOf(told), byWords]]);
    alike.set(reason, byWords);
  }
  const words = wordsOf(atom);
  const draft = byWords.get(words) ?? draftOf(atom);
  byWords.set(words, draft);
  return draft;
}

function isSaidAgain(told: Atom, atom: Atom): boolean {
  return (
    told.message === atom.message &&
    told.container === atom.container &&
    told.by === atom.by &&
    told.event?.type === atom.event?.type
  );
}

/** What two happenings of one reason that say the same have in common. */
function wordsOf({ container, by, event, claim, message }: Atom): string {
  return [container, by, event?.type, claim === undefined ? messageShape(message) : message].join('\n');
}
