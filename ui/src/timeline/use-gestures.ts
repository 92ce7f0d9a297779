import { type RefObject, useEffect, useRef } from 'react';
import type { TimeScale } from '../time/time-scale.ts';
import { panWindow, type TimeWindow, zoomWindow } from '../time/time-window.ts';

export interface GestureTarget {
  readonly scale: TimeScale;
  /** Where zooming starts from when several steps come before the next frame. */
  readonly goal: TimeWindow;
  readonly move: (to: TimeWindow, how: 'held' | 'glide') => void;
  /** Moves the rows by pixels; says whether there was anything to move. */
  readonly scrollBy: (pixels: number) => boolean;
  readonly onHover: (place: { x: number; y: number } | undefined) => void;
  readonly onClick: (x: number, y: number, isTouch: boolean) => void;
  readonly onDrag: (isDragging: boolean) => void;
}

interface Finger {
  x: number;
  y: number;
}

/** How far a pointer moves before it drags rather than clicks, in pixels. */
const SLACK = 4;

/** Wheel, drag and pinch over an element: sideways through time, up and down through the rows, with Ctrl (or two fingers) closer and farther. */
export function useGestures(ref: RefObject<HTMLElement | null>, target: GestureTarget): void {
  const current = useRef(target);
  current.current = target;
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const fingers = new Map<number, Finger>();
    let isDragging = false;
    let start: Finger = { x: 0, y: 0 };

    const placeOf = (event: MouseEvent): Finger => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    const onWheel = (event: WheelEvent) => {
      const { scale, goal, move, scrollBy } = current.current;
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      event.preventDefault();
      if (event.ctrlKey || event.metaKey || event.altKey) return zoom(placeOf(event).x, dy);
      if (event.shiftKey || Math.abs(dx) > Math.abs(dy))
        return move(panWindow(goal, (event.shiftKey ? dx || dy : dx) * scale.perPixel), 'held');
      // Where there are no rows to go through, the wheel is free for time.
      if (!scrollBy(dy)) zoom(placeOf(event).x, dy);
    };

    const zoom = (x: number, delta: number) => {
      const { scale, goal, move } = current.current;
      const share = scale.width === 0 ? 0.5 : x / scale.width;
      const factor = Math.exp(Math.max(-80, Math.min(80, delta)) * 0.0045);
      move(zoomWindow(goal, factor, goal.from + (goal.to - goal.from) * share), 'glide');
    };

    const onDown = (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && event.button !== 0) return;
      const place = placeOf(event);
      fingers.set(event.pointerId, place);
      if (fingers.size === 1) start = place;
    };

    const onMove = (event: PointerEvent) => {
      const place = placeOf(event);
      const before = fingers.get(event.pointerId);
      if (before === undefined) return current.current.onHover(place);
      if (!isDragging && fingers.size === 1 && Math.hypot(place.x - start.x, place.y - start.y) < SLACK)
        return;
      if (!isDragging) {
        isDragging = true;
        element.setPointerCapture(event.pointerId);
        current.current.onDrag(true);
        current.current.onHover(undefined);
      }
      if (fingers.size >= 2) pinch(event.pointerId, before, place);
      else drag(before, place);
      fingers.set(event.pointerId, place);
    };

    const drag = (before: Finger, place: Finger) => {
      const { scale, move, scrollBy } = current.current;
      scrollBy(before.y - place.y);
      if (place.x !== before.x) move(panWindow(scale.window, (before.x - place.x) * scale.perPixel), 'held');
    };

    const pinch = (id: number, before: Finger, place: Finger) => {
      const other = [...fingers].find(([key]) => key !== id)?.[1];
      if (other === undefined) return;
      const { scale, move } = current.current;
      const apart = (finger: Finger) => Math.max(24, Math.abs(finger.x - other.x));
      const middle = (before.x + other.x) / 2;
      const zoomed = zoomWindow(scale.window, apart(before) / apart(place), scale.toTime(middle));
      const perPixel = (zoomed.to - zoomed.from) / Math.max(1, scale.width);
      move(panWindow(zoomed, ((before.x - place.x) / 2) * perPixel), 'held');
    };

    const onUp = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return;
      if (fingers.size > 0) return;
      if (isDragging) {
        isDragging = false;
        current.current.onDrag(false);
      } else if (event.type === 'pointerup') {
        const { x, y } = placeOf(event);
        current.current.onClick(x, y, event.pointerType !== 'mouse');
      }
    };

    const onLeave = () => current.current.onHover(undefined);

    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('pointerleave', onLeave);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('pointerleave', onLeave);
    };
  }, [ref]);
}
