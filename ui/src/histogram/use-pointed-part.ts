import { type FocusEvent, type KeyboardEvent, type PointerEvent, useCallback, useState } from 'react';
import type { Micros } from '../../../src/lib/time.ts';
import type { TimeScale } from '../time/time-scale.ts';
import type { TimeWindow } from '../time/time-window.ts';
import { findPart, type HistogramData, nextPart, partLength, partWindow } from './histogram-data.ts';

/** How near to a column a mouse points at it, in pixels. */
const NEAR = 4;

/** Which column of the histogram a mouse is on, or the keyboard. */
export interface PointedPart {
  /** Undefined: on none. */
  readonly part: number | undefined;
  readonly isByKey: boolean;
  readonly onMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  /** Whether it was a key for this. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  readonly leave: () => void;
}

/** @param shown where a keyboard begins */
export function usePointedPart(data: HistogramData, scale: TimeScale, shown: TimeWindow): PointedPart {
  // A time and not a column: the columns move on while the record grows.
  const [place, setPlace] = useState<{ at: Micros; isByKey: boolean }>();
  const part = place && findPart(data, place.at, NEAR * scale.perPixel);
  const leave = useCallback(() => setPlace(undefined), []);

  function step(by: 1 | -1): void {
    const edge = (by === 1 ? shown.from : shown.to) - data.window.from;
    const begin = part ?? Math.floor(edge / partLength(data)) - by;
    const next = nextPart(data, begin, by) ?? part;
    if (next === undefined) return;
    const { from, to } = partWindow(data, next);
    setPlace({ at: (from + to) / 2, isByKey: true });
  }

  return {
    part,
    isByKey: place?.isByKey ?? false,
    leave,
    onMove(event) {
      // While a button is down the brush is dragged; a finger has no other way of moving.
      if (event.buttons !== 0 || event.pointerType === 'touch') leave();
      else {
        const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
        setPlace({ at: scale.toTime(x), isByKey: false });
      }
    },
    onFocus(event) {
      if (event.currentTarget.matches(':focus-visible')) step(1);
    },
    onKey({ key, shiftKey }) {
      if (key === 'Escape' && place !== undefined) leave();
      else if (shiftKey && key === 'ArrowRight') step(1);
      else if (shiftKey && key === 'ArrowLeft') step(-1);
      else return false;
      return true;
    },
  };
}
