import type { Micros, MicrosLength } from '../../../src/lib/time.ts';
import { lengthOf, type TimeWindow } from './time-window.ts';

/** Between times and places on the screen. */
export interface TimeScale {
  readonly window: TimeWindow;
  /** In CSS pixels, as all places. */
  readonly width: number;
  toX(at: Micros): number;
  toTime(x: number): Micros;
  /** How long a pixel is. */
  readonly perPixel: MicrosLength;
}

export function createTimeScale(window: TimeWindow, width: number): TimeScale {
  const perPixel = lengthOf(window) / Math.max(1, width);
  return {
    window,
    width,
    perPixel,
    toX: (at) => (at - window.from) / perPixel,
    toTime: (x) => Math.round(window.from + x * perPixel),
  };
}
