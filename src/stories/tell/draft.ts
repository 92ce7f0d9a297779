import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import type { Outcome } from '../story.ts';
import { type Atom, orderOf } from './atom.ts';
import { stableId } from './stable-id.ts';

/** A step while its story is being put together. */
export interface Draft {
  /** In order; empty for what is only inferred. */
  readonly atoms: Atom[];
  /** What is inferred: when, of which object, and in which words. */
  readonly inferred: { readonly at: Micros; readonly object: ObjectId; readonly says: string } | undefined;
  readonly children: Draft[];
  outcome: Outcome;
  endsAt: Micros | undefined;
  /** Of a change that is told where it led to, not where it happened: in which story, and what it did there. */
  readonly told: { readonly within: string; readonly remark: string } | undefined;
  /** It kept nothing from working: a probe that failed while its container was starting or being stopped. */
  isMinor: boolean;
}

export function draftOf(...atoms: Atom[]): Draft {
  return {
    atoms,
    inferred: undefined,
    children: [],
    outcome: 'succeeded',
    endsAt: undefined,
    told: undefined,
    isMinor: false,
  };
}

/** A change as a step of a story that it led to. */
export function draftOfCause(atom: Atom, within: string, remark: string): Draft {
  return { ...draftOf(atom), told: { within, remark } };
}

export function inferDraft(at: Micros, object: ObjectId, says: string): Draft {
  return {
    atoms: [],
    inferred: { at, object, says },
    children: [],
    outcome: 'unknown',
    endsAt: undefined,
    told: undefined,
    isMinor: false,
  };
}

/** When it happened first: what siblings are ordered by. */
export function startOf(draft: Draft): Micros {
  const [first] = draft.atoms;
  return first === undefined ? (draft.inferred?.at ?? 0) : orderOf(first);
}

/** When it happened first, as it is told; it is ordered by a time that may be a little later. */
export function firstAt({ atoms, inferred }: Draft): Micros {
  return atoms[0]?.at ?? inferred?.at ?? 0;
}

/** Its own latest happening, without what is below it. */
export function lastOf(draft: Draft): Micros {
  return draft.atoms.at(-1)?.at ?? draft.inferred?.at ?? 0;
}

export function objectOf(draft: Draft): ObjectId | undefined {
  return draft.atoms[0]?.object ?? draft.inferred?.object;
}

/** The id of the step that it becomes. */
export function stepIdOf(draft: Draft): string {
  const atom = draft.atoms[0];
  const isPlain = atom?.index === 0 && draft.told === undefined;
  return isPlain ? atom.id : stableId(originOf(draft));
}

/** What makes a draft's id: the first thing it is made from, its cluster included. Only a repeat needs its time told too. */
export function originOf(draft: Draft): string {
  const atom = draft.atoms[0];
  if (atom === undefined) return originOfInferred(draft.inferred?.object);
  if (draft.told !== undefined) return `${atom.source} in ${draft.told.within}`;
  return atom.index === 0 ? atom.source : `${atom.source}@${atom.at}`;
}

function originOfInferred(object: ObjectId | undefined): string {
  return `${object?.cluster}/inferred:${object?.uid || object?.name}`;
}

export function compareDrafts(a: Draft, b: Draft): number {
  return startOf(a) - startOf(b) || (originOf(a) < originOf(b) ? -1 : originOf(a) > originOf(b) ? 1 : 0);
}

/** All drafts and what is below them, depth first. */
export function walkDrafts(drafts: readonly Draft[], into: Draft[] = []): Draft[] {
  for (const draft of drafts) {
    into.push(draft);
    if (draft.children.length > 0) walkDrafts(draft.children, into);
  }
  return into;
}
