/** How high the parts of a row are, in CSS pixels: bars above, happenings below. */
export interface RowMetrics {
  readonly height: number;
  readonly barTop: number;
  readonly barHeight: number;
  readonly laneTop: number;
  readonly laneHeight: number;
  /** How wide an Event's mark is, and a change's. */
  readonly event: number;
  readonly change: number;
  /** The size of what is written in bars. */
  readonly text: number;
  /** How large everything is beside text of `USUAL_TEXT`. */
  readonly scale: number;
}

/** The size of text that rows of 34 pixels go with. */
export const USUAL_TEXT = 14;

/** Rows for text of a size in CSS pixels: on a large screen, or for who wants larger text, they grow with it. */
export function rowMetrics(text: number): RowMetrics {
  const scale = text / USUAL_TEXT;
  const whole = (pixels: number) => Math.round(pixels * scale);
  return {
    height: whole(34),
    barTop: whole(6),
    barHeight: whole(12),
    laneTop: whole(20),
    laneHeight: whole(11),
    event: 8 * scale,
    change: 10 * scale,
    text: 10.5 * scale,
    scale,
  };
}

/** Which rows of equal height a scrolled area shows. */
export function visibleRange(
  scrollTop: number,
  height: number,
  count: number,
  row: Pick<RowMetrics, 'height'>,
): { first: number; end: number } {
  const first = Math.min(count, Math.max(0, Math.floor(scrollTop / row.height)));
  return { first, end: Math.min(count, Math.ceil((scrollTop + height) / row.height)) };
}
