/** Of a row, in CSS pixels: bars above, happenings below. */
export const ROW = { height: 34, barTop: 6, barHeight: 12, laneTop: 20, laneHeight: 11 } as const;

/** Which rows of equal height a scrolled area shows. */
export function visibleRange(
  scrollTop: number,
  height: number,
  count: number,
): { first: number; end: number } {
  const first = Math.min(count, Math.max(0, Math.floor(scrollTop / ROW.height)));
  return { first, end: Math.min(count, Math.ceil((scrollTop + height) / ROW.height)) };
}
