import { type RefObject, useEffect, useRef } from 'react';
import type { TimeScale } from '../time/time-scale.ts';
import { limitWindow, panWindow, type TimeWindow, zoomWindow } from '../time/time-window.ts';

interface BrushTarget {
  readonly scale: TimeScale;
  readonly shown: TimeWindow;
  readonly move: (to: TimeWindow, how: 'held' | 'glide') => void;
  readonly onFit: () => void;
}

type Grip = 'start' | 'end' | 'middle' | 'new';

/** How near to an edge of the brush a pointer takes hold of it, in pixels. */
const NEAR = 8;
/** Less than this, and it was a click: look there. */
const LEAST = 4;

/** Drag across the histogram to look at a stretch, drag the stretch or its edges to change it; twice: everything. */
export function useBrush(ref: RefObject<HTMLElement | null>, target: BrushTarget): void {
  const current = useRef(target);
  current.current = target;
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let drag: { grip: Grip; startX: number; window: TimeWindow; scale: TimeScale } | undefined;
    const xOf = (event: MouseEvent) => event.clientX - element.getBoundingClientRect().left;

    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      const { scale, shown } = current.current;
      const x = xOf(event);
      drag = { grip: gripAt(x, scale, shown), startX: x, window: shown, scale };
      element.setPointerCapture(event.pointerId);
    };

    const onMove = (event: PointerEvent) => {
      const { scale, shown, move } = current.current;
      const x = xOf(event);
      if (drag === undefined) {
        element.dataset.grip = gripAt(x, scale, shown);
        return;
      }
      if (Math.abs(x - drag.startX) >= LEAST) move(dragTo(drag, x), 'held');
    };

    const onUp = (event: PointerEvent) => {
      if (drag === undefined) return;
      const { startX, window, scale } = drag;
      drag = undefined;
      const x = xOf(event);
      if (Math.abs(x - startX) >= LEAST || event.type !== 'pointerup') return;
      const middle = (window.from + window.to) / 2;
      current.current.move(panWindow(window, scale.toTime(x) - middle), 'glide');
    };

    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { scale, shown, move } = current.current;
      const around = Math.max(shown.from, Math.min(shown.to, scale.toTime(xOf(event))));
      const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.0045);
      move(zoomWindow(shown, factor, around), 'held');
    };

    const onTwice = () => current.current.onFit();

    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('dblclick', onTwice);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('dblclick', onTwice);
      element.removeEventListener('wheel', onWheel);
    };
  }, [ref]);
}

function gripAt(x: number, scale: TimeScale, { from, to }: TimeWindow): Grip {
  const [left, right] = [scale.toX(from), scale.toX(to)];
  if (Math.abs(x - left) <= NEAR) return 'start';
  if (Math.abs(x - right) <= NEAR) return 'end';
  // All of it is looked at: there is nothing to move, so a new stretch is drawn.
  const isWhole = left <= NEAR && right >= scale.width - NEAR;
  return x > left && x < right && !isWhole ? 'middle' : 'new';
}

function dragTo(
  drag: { grip: Grip; startX: number; window: TimeWindow; scale: TimeScale },
  x: number,
): TimeWindow {
  const { grip, startX, window, scale } = drag;
  const at = scale.toTime(Math.max(0, Math.min(scale.width, x)));
  switch (grip) {
    case 'middle':
      return panWindow(window, (x - startX) * scale.perPixel);
    case 'start':
      return limitWindow({ from: at, to: window.to });
    case 'end':
      return limitWindow({ from: window.from, to: at });
    case 'new':
      return limitWindow({ from: scale.toTime(startX), to: at });
  }
}
