import { type FocusEvent, type KeyboardEvent, type PointerEvent, useCallback, useState } from 'react';
import type { Micros } from '../../../src/lib/time.ts';
import type { TimeScale } from '../time/time-scale.ts';
import type { TimeWindow } from '../time/time-window.ts';
import { findPart, type HistogramData, nextPart, partLength, partWindow } from './histogram-data.ts';

/** How near to a column a pointer is on it, in pixels. */
const NEAR = { mouse: 4, touch: 12 } as const;

/** Which column of the histogram is pointed at: by the mouse that is on it, the finger that tapped it, or the keyboard. */
export interface PointedPart {
  /** Undefined: on none. */
  readonly part: number | undefined;
  readonly isByKey: boolean;
  readonly onMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onTap: (event: PointerEvent<HTMLElement>) => void;
  readonly onLeave: (event: PointerEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  /** Whether it was a key for this. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  readonly leave: () => void;
}

/** @param shown where a keyboard begins */
export function usePointedPart(data: HistogramData, scale: TimeScale, shown: TimeWindow): PointedPart {
  // A time and not a column: the columns move on while the record grows.
  const [place, setPlace] = useState<{ at: Micros; by: 'key' | 'mouse' | 'touch' }>();
  const near = place?.by === 'touch' ? NEAR.touch : NEAR.mouse;
  const part = place && findPart(data, place.at, near * scale.perPixel);
  const leave = useCallback(() => setPlace(undefined), []);

  function step(by: 1 | -1): void {
    const edge = (by === 1 ? shown.from : shown.to) - data.window.from;
    const begin = part ?? Math.floor(edge / partLength(data)) - by;
    const next = nextPart(data, begin, by) ?? part;
    if (next === undefined) return;
    const { from, to } = partWindow(data, next);
    setPlace({ at: (from + to) / 2, by: 'key' });
  }

  function timeAt(event: PointerEvent<HTMLElement>): Micros {
    return scale.toTime(event.clientX - event.currentTarget.getBoundingClientRect().left);
  }

  return {
    part,
    isByKey: place?.by === 'key',
    leave,
    onMove(event) {
      // While a button is down, or a finger moves, the brush is dragged; no finger is quite still.
      if (event.pointerType === 'touch') {
        if (place !== undefined && Math.abs(timeAt(event) - place.at) > NEAR.touch * scale.perPixel) leave();
      } else if (event.buttons !== 0) leave();
      else setPlace({ at: timeAt(event), by: 'mouse' });
    },
    onTap(event) {
      if (event.pointerType === 'touch') setPlace({ at: timeAt(event), by: 'touch' });
    },
    onLeave(event) {
      // A finger that was lifted has left, but what it tapped at is still to be read.
      if (event.pointerType !== 'touch') leave();
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
