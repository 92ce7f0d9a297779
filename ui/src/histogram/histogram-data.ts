import type { Micros, MicrosLength } from '../../../src/lib/time.ts';
import type { TimeWindow } from '../time/time-window.ts';

/** The whole time, cut into equal parts. */
export interface HistogramData {
  readonly window: TimeWindow;
  /** Happenings in each part. */
  readonly normal: readonly number[];
  readonly warning: readonly number[];
  /** [part, reason, count]: the most frequent of each part, the most frequent first. */
  readonly reasons: readonly (readonly [part: number, reason: string, count: number])[];
  readonly gaps: readonly TimeWindow[];
}

/** How long each part is. */
export function partLength({ window, normal }: HistogramData): MicrosLength {
  return (window.to - window.from) / Math.max(1, normal.length);
}

/** The part's stretch of time. */
export function partWindow(data: HistogramData, part: number): TimeWindow {
  const length = partLength(data);
  return { from: data.window.from + part * length, to: data.window.from + (part + 1) * length };
}

/**
 * The column that is pointed at: that of the time, or the nearest one close by, since columns are thin; undefined where nothing happened.
 *
 * @param reach how far from the time a column may begin or end
 */
export function findPart(data: HistogramData, at: Micros, reach: MicrosLength): number | undefined {
  const place = (at - data.window.from) / partLength(data);
  const own = Math.max(0, Math.min(data.normal.length - 1, Math.floor(place)));
  if (happenings(data, own) > 0) return own;
  const far = reach / partLength(data);
  for (let away = 1; away <= far + 1; away++) {
    const [before, after] = [own - away, own + away];
    const [toBefore, toAfter] = [place - (before + 1), after - place];
    const near = toBefore <= toAfter ? [before, after] : [after, before];
    for (const part of near)
      if (happenings(data, part) > 0 && (part === before ? toBefore : toAfter) <= far) return part;
  }
  return undefined;
}

/** The next column in a direction, after a part or, beyond the ends, from there on; undefined when there is none. */
export function nextPart(data: HistogramData, from: number, step: 1 | -1): number | undefined {
  const begin = Math.max(-1, Math.min(data.normal.length, from));
  for (let part = begin + step; part >= 0 && part < data.normal.length; part += step)
    if (happenings(data, part) > 0) return part;
  return undefined;
}

export function happenings({ normal, warning }: HistogramData, part: number): number {
  return (normal[part] ?? 0) + (warning[part] ?? 0);
}
