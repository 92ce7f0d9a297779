import type { Micros } from '../../lib/time.ts';
import type { StoryKind } from '../story.ts';
import type { Atom } from './atom.ts';
import { type Draft, lastOf, startOf, walkDrafts } from './draft.ts';
import type { Episode } from './episode.ts';

/** A story while it is being put together. */
export interface Plot {
  kind: StoryKind;
  /** Of a rollout, a scaling, a run; none of an incident. */
  readonly episode: Episode | undefined;
  /** Its first steps. */
  readonly drafts: Draft[];
  /** The change that began it. */
  root: Atom | undefined;
  /** The Node in whose story it is told, being a part of that one's trouble; else empty. */
  readonly guestOf: string;
}

/** When it began, by its first steps. */
export function plotFrom(plot: Plot): Micros {
  return plot.drafts.reduce((first, draft) => Math.min(first, startOf(draft)), Number.POSITIVE_INFINITY);
}

/** Its latest happening. */
export function plotTo(plot: Plot): Micros {
  let last = Number.NEGATIVE_INFINITY;
  for (const draft of walkDrafts(plot.drafts)) last = Math.max(last, lastOf(draft));
  return last;
}
