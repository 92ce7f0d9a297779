import type { Micros } from '../../lib/time.ts';
import type { Trouble } from '../story.ts';
import { compareDrafts, type Draft, lastOf, startOf, walkDrafts } from './draft.ts';
import type { Guest } from './finish-story.ts';
import { QUIET, SKEW } from './limits.ts';
import { type Plot, plotFrom } from './plot.ts';

/**
 * Hangs what befell a Pod below the step by which its Node's trouble became known, and its troubles end with the Node's.
 *
 * @param plots of the Node, in order
 */
export function seatGuest(guest: Guest, plots: readonly Plot[], troublesOf: Map<Plot, Trouble[]>): void {
  const at = Math.min(...guest.drafts.map(startOf));
  const plot = plotAt(plots, at);
  if (plot === undefined) return;
  const cause = causeAt(plot, at);
  const seat = cause?.children ?? plot.drafts;
  seat.push(...guest.drafts);
  seat.sort(compareDrafts);
  const heldBack = guest.troubles.map((trouble) =>
    trouble.failure === 'node-not-ready' && cause?.endsAt !== undefined
      ? { ...trouble, endedAt: cause.endsAt, ended: 'healed' as const }
      : trouble,
  );
  if (cause?.endsAt !== undefined) healAll(guest.drafts, cause.endsAt);
  troublesOf.set(plot, [...(troublesOf.get(plot) ?? []), ...heldBack]);
}

/** The story of a Node's trouble that goes on at a time. */
export function plotAt(plots: readonly Plot[], at: Micros): Plot | undefined {
  return plots.findLast((plot) => plotFrom(plot) <= at + SKEW && isOpenAt(plot, at));
}

function isOpenAt(plot: Plot, at: Micros): boolean {
  return plot.drafts.some(
    (draft) => draft.atoms[0]?.reason.does === 'fails' && (draft.endsAt ?? Number.POSITIVE_INFINITY) >= at,
  );
}

/** The latest failure of the Node by then that was not over. */
function causeAt(plot: Plot, at: Micros): Draft | undefined {
  return plot.drafts.findLast(
    (draft) => draft.atoms[0]?.reason.does === 'fails' && startOf(draft) <= at + SKEW && endOf(draft) >= at,
  );
}

function endOf(draft: Draft): Micros {
  if (draft.endsAt !== undefined) return draft.endsAt;
  return draft.outcome === 'unknown' ? lastOf(draft) + QUIET : Number.POSITIVE_INFINITY;
}

function healAll(drafts: readonly Draft[], at: Micros): void {
  for (const draft of walkDrafts(drafts)) {
    if (draft.atoms[0]?.reason.topic !== 'node-ready') continue;
    draft.endsAt = at;
    draft.outcome = 'succeeded';
  }
}

/** Since when two tellings of a Node differ in when it was in trouble; never, when they do not. */
export function troublesDifferSince(before: readonly Plot[], after: readonly Plot[]): Micros {
  const [was, is] = [spansOf(before), spansOf(after)];
  for (let index = 0; index < Math.max(was.length, is.length); index++) {
    const [a, b] = [was[index], is[index]];
    if (a?.from === b?.from && a?.to === b?.to) continue;
    return Math.min(a?.from ?? Number.POSITIVE_INFINITY, b?.from ?? Number.POSITIVE_INFINITY) - SKEW;
  }
  return Number.POSITIVE_INFINITY;
}

function spansOf(plots: readonly Plot[]): { readonly from: Micros; readonly to: Micros }[] {
  return plots.flatMap((plot) =>
    plot.drafts
      .filter((draft) => draft.atoms[0]?.reason.does === 'fails')
      .map((draft) => ({ from: startOf(draft), to: endOf(draft) })),
  );
}
