import { fitWindow, lengthOf, limitWindow, type TimeWindow } from '../time/time-window.ts';
import type { Span } from '../view/view.ts';

/** The window that a view asks for, of a record that goes from one time to another. */
export function baseWindow(span: Span, extent: TimeWindow): TimeWindow {
  if (span.kind === 'fixed') return limitWindow(span);
  if (span.kind === 'all') return fitWindow(extent);
  const room = span.length * 0.02;
  return limitWindow({ from: extent.to - span.length, to: extent.to + room });
}

/** How much of a window's length is loaded on either side of it. */
export const BESIDE = 0.5;

/**
 * What to load, so that moving about shows something at once: the window with as much on either side. Stays the same as long as it holds what
 * is looked at, closely enough.
 */
export function loadWindow(window: TimeWindow, loaded: TimeWindow | undefined): TimeWindow {
  const length = lengthOf(window);
  const wanted = { from: window.from - length * BESIDE, to: window.to + length * BESIDE };
  if (loaded === undefined) return wanted;
  const ratio = lengthOf(loaded) / (length * (1 + 2 * BESIDE));
  const margin = length * 0.1;
  const holds = window.from - margin >= loaded.from && window.to + margin <= loaded.to;
  return holds && ratio < 1.35 && ratio > 0.75 ? loaded : wanted;
}
