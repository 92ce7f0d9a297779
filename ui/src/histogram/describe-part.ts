import { MILLISECOND, SECOND } from '../../../src/lib/time.ts';
import { type Ago, formatAgo } from '../time/ago.ts';
import { formatDate, formatTimeOfDay, sameDay } from '../time/format-clock.ts';
import { formatLength } from '../time/format-length.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { Description } from '../timeline/describe-box.ts';
import { type HistogramData, happenings, partWindow } from './histogram-data.ts';

/**
 * What a column of the histogram says: its time, how much happened, and the reasons that say most.
 *
 * @param ago what from, where times are told by how long ago they were
 */
export function describePart(
  data: HistogramData,
  part: number,
  zone: TimeZone,
  ago?: Ago | undefined,
): Description {
  const window = partWindow(data, part);
  const told = data.reasons.filter(([of]) => of === part);
  const others = told.reduce((left, [, , count]) => left - count, happenings(data, part));
  return {
    title:
      ago === undefined
        ? formatSpan(window, zone)
        : `${formatAgo(Math.round(window.from), ago)} · ${formatLength(window.to - window.from)}`,
    lines: [
      `${formatCount(data.normal[part] ?? 0)} Normal, ${formatCount(data.warning[part] ?? 0)} Warning`,
      ...told.map(([, reason, count]) => `${formatCount(count)} × ${reason === '' ? '(no reason)' : reason}`),
      ...(told.length > 0 && others >= 0.5 ? [`and ${formatCount(others)} of other reasons`] : []),
    ],
  };
}

/** A part of what was folded counts, but is no whole happening. */
function formatCount(count: number): string {
  if (count > 0 && count < 0.5) return '<1';
  return Math.round(count).toLocaleString('en');
}

/** From when to when, as exactly as the length needs. */
function formatSpan({ from, to }: TimeWindow, zone: TimeZone): string {
  const length = to - from;
  const digits = length >= 2 * SECOND ? 0 : length >= 2 * MILLISECOND ? 3 : 6;
  const [begin, end] = [Math.round(from), Math.round(to)];
  const day = sameDay(begin, end, zone) ? '' : `${formatDate(end, zone)}, `;
  const first = `${formatDate(begin, zone)}, ${formatTimeOfDay(begin, zone, digits)}`;
  return `${first} – ${day}${formatTimeOfDay(end, zone, digits)} · ${formatLength(length)}`;
}
