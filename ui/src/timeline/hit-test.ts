import type { Box, TimelineLayout } from './layout-timeline.ts';

/** How far beside a thing a pointer may be, in pixels; of a finger more. */
export const REACH = { mouse: 3, touch: 12 } as const;

/** What a pointer means: the nearest thing within reach; of those it is on, the one in front. Undefined: nothing is there. */
export function hitTest(layout: TimelineLayout, x: number, y: number, reach: number): Box | undefined {
  let best: Box | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const box of layout.boxes) {
    const far = distanceTo(box, x, y);
    // A background gives way to anything in reach.
    const weighed = box.shape === 'life' ? far + reach : far;
    if (far > reach || weighed > nearest) continue;
    best = box;
    nearest = weighed;
  }
  return best;
}

/** 0 inside of the box. */
function distanceTo({ x, y, width, height }: Box, px: number, py: number): number {
  const dx = Math.max(x - px, 0, px - (x + width));
  const dy = Math.max(y - py, 0, py - (y + height));
  return Math.hypot(dx, dy);
}
