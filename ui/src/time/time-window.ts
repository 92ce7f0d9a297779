import { DAY, MILLISECOND, type Micros, type MicrosLength } from '../../../src/lib/time.ts';

/** A stretch of time that is looked at: `from` is in it, `to` is its end. */
export interface TimeWindow {
  readonly from: Micros;
  readonly to: Micros;
}

/** The least and the most that can be looked at. */
export const SHORTEST: MicrosLength = MILLISECOND;
export const LONGEST: MicrosLength = 2 * 366 * DAY;

/** How much of a window is left free on either side of what it was made to show. */
const MARGIN = 0.03;

export function lengthOf({ from, to }: TimeWindow): MicrosLength {
  return to - from;
}

/**
 * The window that shows a stretch whole, with a little room around it.
 * @param least what a single moment is shown in
 */
export function fitWindow(stretch: TimeWindow, least: MicrosLength = 1_000 * MILLISECOND): TimeWindow {
  const length = Math.max(lengthOf(stretch), least);
  const middle = (stretch.from + stretch.to) / 2;
  return limitWindow({ from: middle - length * (0.5 + MARGIN), to: middle + length * (0.5 + MARGIN) });
}

/**
 * Looks closer (`factor` below 1) or from farther away, so that `around` stays where it is.
 * @param factor what the length is multiplied by
 */
export function zoomWindow(window: TimeWindow, factor: number, around: Micros): TimeWindow {
  const length = lengthOf(window);
  const wanted = Math.min(LONGEST, Math.max(SHORTEST, length * factor));
  const share = (around - window.from) / length;
  return wholeMicros({ from: around - wanted * share, to: around + wanted * (1 - share) });
}

/** Moves by a length of time: to later when it is positive. */
export function panWindow(window: TimeWindow, by: MicrosLength): TimeWindow {
  const whole = Math.round(by);
  return { from: window.from + whole, to: window.to + whole };
}

/** The nearest window that may be looked at: not too short, not too long, the right way round. */
export function limitWindow({ from, to }: TimeWindow): TimeWindow {
  const [first, last] = from <= to ? [from, to] : [to, from];
  const length = Math.min(LONGEST, Math.max(SHORTEST, last - first));
  const middle = (first + last) / 2;
  return wholeMicros({ from: middle - length / 2, to: middle + length / 2 });
}

/** Between two windows; what is between by length feels even, so lengths are mixed by their ratio. */
export function mixWindows(a: TimeWindow, b: TimeWindow, share: number): TimeWindow {
  const length = lengthOf(a) * (lengthOf(b) / lengthOf(a)) ** share;
  // How far along the zoom is, (length - a's) / (b's - a's): written so that nearly equal lengths don't cancel to noise, which years between the windows enlarge.
  const zoom = Math.log1p((lengthOf(b) - lengthOf(a)) / lengthOf(a));
  const along = zoom === 0 ? share : Math.expm1(share * zoom) / Math.expm1(zoom);
  const from = a.from + (b.from - a.from) * along;
  return wholeMicros({ from, to: from + length });
}

export function sameWindow(a: TimeWindow, b: TimeWindow): boolean {
  return a.from === b.from && a.to === b.to;
}

function wholeMicros({ from, to }: TimeWindow): TimeWindow {
  const start = Math.round(from);
  return { from: start, to: Math.max(start + SHORTEST, Math.round(to)) };
}
