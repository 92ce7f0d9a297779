import type { Micros } from '../../lib/time.ts';
import type { Trouble } from '../story.ts';
import { compareDrafts, type Draft, firstAt, lastOf, startOf, walkDrafts } from './draft.ts';
import type { Guest } from './finish-story.ts';
import { QUIET, SKEW } from './limits.ts';
import { type Plot, plotFrom } from './plot.ts';

/**
 * Hangs what befell Pods below the steps by which their Node's trouble became known; their troubles end with the Node's.
 *
 * @param plots of the Node, in order
 */
export function seatGuests(
  guests: readonly Guest[],
  plots: readonly Plot[],
  troublesOf: Map<Plot, Trouble[]>,
): void {
  const began = plots.map((plot) => ({ plot, from: plotFrom(plot) }));
  const seats = new Set<Draft[]>();
  for (const guest of guests) {
    const at = Math.min(...guest.drafts.map(firstAt));
    const plot =
      began.findLast(({ plot, from }) => from <= at + SKEW && isOpenAt(plot, at))?.plot ?? plots.at(-1);
    if (plot !== undefined) seats.add(seatGuest(guest, plot, at, troublesOf));
  }
  for (const seat of seats) seat.sort(compareDrafts);
}

function seatGuest(guest: Guest, plot: Plot, at: Micros, troublesOf: Map<Plot, Trouble[]>): Draft[] {
  const cause = causeAt(plot, at);
  const seat = cause?.children ?? plot.drafts;
  seat.push(...guest.drafts);
  const heldBack = guest.troubles.map((trouble) =>
    trouble.failure === 'node-not-ready' && cause?.endsAt !== undefined
      ? { ...trouble, endedAt: cause.endsAt, ended: 'healed' as const }
      : trouble,
  );
  if (cause?.endsAt !== undefined) healAll(guest.drafts, cause.endsAt);
  const troubles = troublesOf.get(plot);
  if (troubles === undefined) troublesOf.set(plot, [...heldBack]);
  else troubles.push(...heldBack);
  return seat;
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

/** A failure of a Node: since when, until when, and when the story of it began. */
export interface Span {
  readonly from: Micros;
  /** When it was over for what is told with it. */
  readonly to: Micros;
  /** When it was seen to be over; never, while it was not. */
  readonly until: Micros;
  readonly plotFrom: Micros;
}

/** Whether a Node was in trouble at a time, so that what befell its Pods is told with it. */
export function isTroubledAt(spans: readonly Span[], at: Micros): boolean {
  return spans.some((span) => span.plotFrom <= at + SKEW && span.until >= at);
}

/** Since when two tellings of a Node differ in when it was in trouble; never, when they do not. */
export function spansDifferSince(was: readonly Span[], is: readonly Span[]): Micros {
  for (let index = 0; index < Math.max(was.length, is.length); index++) {
    const [a, b] = [was[index], is[index]];
    if (a?.from === b?.from && a?.to === b?.to && a?.until === b?.until && a?.plotFrom === b?.plotFrom)
      continue;
    return Math.min(a?.from ?? Number.POSITIVE_INFINITY, b?.from ?? Number.POSITIVE_INFINITY) - SKEW;
  }
  return Number.POSITIVE_INFINITY;
}

/** When a Node was in trouble, by its own stories. */
export function spansOf(plots: readonly Plot[]): Span[] {
  return plots.flatMap((plot) => {
    const failing = plot.drafts.filter((draft) => draft.atoms[0]?.reason.does === 'fails');
    if (failing.length === 0) return [];
    const from = plotFrom(plot);
    return failing.map((draft) => ({
      from: startOf(draft),
      to: endOf(draft),
      until: draft.endsAt ?? Number.POSITIVE_INFINITY,
      plotFrom: from,
    }));
  });
}
