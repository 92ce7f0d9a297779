import { useCallback, useEffect, useRef, useState } from 'react';
import { mixWindows, sameWindow, type TimeWindow } from '../time/time-window.ts';

export interface MovingWindow {
  /** What is shown now, maybe on its way to `goal`. */
  readonly shown: TimeWindow;
  readonly goal: TimeWindow;
  /** Moves to another window: at once while a hand holds it, else gliding there. */
  readonly move: (to: TimeWindow, how: 'held' | 'glide') => void;
}

/** How much of the way is left after a frame, and when the rest is not worth a frame: of the window's length. */
const LEFT = 0.62;
const NEAR = 0.0008;
/** How long a window must stay before it is worth an entry in the URL. */
const SETTLED_MS = 250;

/**
 * The window of time on the screen.
 * @param base what the view asks for: followed when it changes
 * @param onSettle told when someone moved it elsewhere and it has come to rest
 */
export function useTimeWindow(base: TimeWindow, onSettle: (window: TimeWindow) => void): MovingWindow {
  const [shown, setShown] = useState(base);
  const state = useRef({ shown: base, goal: base, frame: 0, timer: 0 });
  const settle = useRef(onSettle);
  settle.current = onSettle;

  const step = useCallback(() => {
    const now = state.current;
    const next = mixWindows(now.shown, now.goal, 1 - LEFT);
    const isThere = isNear(next, now.goal);
    now.shown = isThere ? now.goal : next;
    now.frame = isThere ? 0 : requestAnimationFrame(step);
    setShown(now.shown);
  }, []);

  const glide = useCallback(
    (to: TimeWindow, isHeld: boolean) => {
      const now = state.current;
      now.goal = to;
      if (isHeld || prefersStillness()) {
        cancelAnimationFrame(now.frame);
        now.frame = 0;
        now.shown = to;
        setShown(to);
      } else if (now.frame === 0) {
        now.frame = requestAnimationFrame(step);
      }
    },
    [step],
  );

  const move = useCallback(
    (to: TimeWindow, how: 'held' | 'glide') => {
      glide(to, how === 'held');
      window.clearTimeout(state.current.timer);
      state.current.timer = window.setTimeout(() => settle.current(state.current.goal), SETTLED_MS);
    },
    [glide],
  );

  const { from, to } = base;
  useEffect(() => {
    const target = { from, to };
    if (!sameWindow(state.current.goal, target)) glide(target, false);
  }, [from, to, glide]);

  useEffect(() => {
    const now = state.current;
    return () => {
      cancelAnimationFrame(now.frame);
      now.frame = 0;
      window.clearTimeout(now.timer);
    };
  }, []);

  return { shown, goal: state.current.goal, move };
}

function isNear(a: TimeWindow, b: TimeWindow): boolean {
  const least = (b.to - b.from) * NEAR;
  return Math.abs(a.from - b.from) <= least && Math.abs(a.to - b.to) <= least;
}

function prefersStillness(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
