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

interface Drag {
  readonly grip: Grip;
  readonly startX: number;
  /** What was looked at when it began, and where that stood. */
  readonly window: TimeWindow;
  readonly scale: TimeScale;
}

/** How near to an edge of the brush a pointer takes hold of it, in pixels; a finger covers more. */
const NEAR = { mouse: 8, touch: 20 } as const;
/** Less than this, and it was a click: look there. */
const LEAST = 4;

/**
 * Drag across the histogram to look at a stretch, drag the stretch or its edges to change it; between two fingers lies what is looked at; twice:
 * everything.
 */
export function useBrush(ref: RefObject<HTMLElement | null>, target: BrushTarget): void {
  const current = useRef(target);
  current.current = target;
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let drag: Drag | undefined;
    /** Where each finger, or the mouse, is held down. */
    const held = new Map<number, number>();
    const xOf = (event: MouseEvent) => event.clientX - element.getBoundingClientRect().left;

    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      const { scale, shown } = current.current;
      const x = xOf(event);
      held.set(event.pointerId, x);
      drag = held.size > 1 ? undefined : { grip: gripOf(event, x), startX: x, window: shown, scale };
      element.setPointerCapture(event.pointerId);
    };

    const onMove = (event: PointerEvent) => {
      const { scale, move } = current.current;
      const x = xOf(event);
      if (held.has(event.pointerId)) held.set(event.pointerId, x);
      if (held.size > 1) move(windowBetween([...held.values()], scale), 'held');
      else if (drag === undefined) element.dataset.grip = gripOf(event, x);
      else if (Math.abs(x - drag.startX) >= LEAST) move(dragTo(drag, x), 'held');
    };

    const onUp = (event: PointerEvent) => {
      held.delete(event.pointerId);
      if (drag === undefined) return;
      const { grip, startX, window, scale } = drag;
      drag = undefined;
      const x = xOf(event);
      // Where everything is looked at, there is nowhere else to look.
      if (Math.abs(x - startX) >= LEAST || event.type !== 'pointerup' || isWhole(scale, window)) return;
      if (grip === 'start' || grip === 'end') return;
      const middle = (window.from + window.to) / 2;
      current.current.move(panWindow(window, scale.toTime(x) - middle), 'glide');
    };

    const gripOf = ({ pointerType }: PointerEvent, x: number) =>
      gripAt(
        x,
        current.current.scale,
        current.current.shown,
        pointerType === 'touch' ? NEAR.touch : NEAR.mouse,
      );

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

function gripAt(x: number, scale: TimeScale, window: TimeWindow, near: number): Grip {
  const [left, right] = [scale.toX(window.from), scale.toX(window.to)];
  // Of a narrow stretch the middle can be held, too.
  const reach = Math.min(near, Math.max(4, (right - left) / 3));
  if (Math.abs(x - left) <= reach) return 'start';
  if (Math.abs(x - right) <= reach) return 'end';
  // All of it is looked at: there is nothing to move, so a new stretch is drawn.
  return x > left && x < right && !isWhole(scale, window) ? 'middle' : 'new';
}

/** Whether all of the time is looked at, but for what cannot be seen. */
function isWhole(scale: TimeScale, { from, to }: TimeWindow): boolean {
  return scale.toX(from) <= NEAR.mouse && scale.toX(to) >= scale.width - NEAR.mouse;
}

function windowBetween(places: readonly number[], scale: TimeScale): TimeWindow {
  return limitWindow({ from: scale.toTime(Math.min(...places)), to: scale.toTime(Math.max(...places)) });
}

function dragTo({ grip, startX, window, scale }: Drag, x: number): TimeWindow {
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
