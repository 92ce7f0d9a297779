import type { Atom } from './atom.ts';
import type { Draft } from './draft.ts';
import type { FollowedMatters, OpenTrouble } from './follow-matters.ts';
import { weighTrouble } from './weigh-trouble.ts';

/** Writes into steps how long they took and how they came out, by what became of their matters. */
export function settleDrafts(draftOf: ReadonlyMap<Atom, Draft>, matters: FollowedMatters): void {
  for (const activity of matters.activities) {
    const draft = draftOf.get(activity.begunBy);
    if (draft === undefined) continue;
    // The length of a repeated step is that of its first happening, its outcome that of the last.
    if (draft.atoms[0] === activity.begunBy) draft.endsAt = activity.endsAt;
    draft.outcome = activity.outcome;
  }
  for (const trouble of matters.troubles) settleTrouble(trouble, draftOf);
}

function settleTrouble(trouble: OpenTrouble, draftOf: ReadonlyMap<Atom, Draft>): void {
  const isMinor = weighTrouble(trouble) === 'notice';
  const isEndKnown = trouble.ended === 'healed' || (trouble.ended === 'gone' && !isMinor);
  for (const atom of trouble.atoms) {
    const draft = draftOf.get(atom);
    if (draft === undefined) continue;
    draft.isMinor ||= isMinor;
    draft.endsAt = isEndKnown ? trouble.endedAt : undefined;
    draft.outcome = outcomeOf(trouble, isMinor);
  }
}

/** A failure that healed has come out well; one that ended with its object has not, unless it never mattered. */
function outcomeOf(trouble: OpenTrouble, isMinor: boolean): Draft['outcome'] {
  if (trouble.ended === 'healed') return 'succeeded';
  return isMinor || trouble.ended === 'silent' ? 'unknown' : 'failed';
}
