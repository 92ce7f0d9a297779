import type { TimeScale } from '../time/time-scale.ts';
import type { TimeWindow } from '../time/time-window.ts';
import { drawHatch } from '../timeline/draw-hatch.ts';
import type { Palette } from '../timeline/read-palette.ts';
import type { HistogramData } from './histogram-data.ts';

/** Happenings over the whole time as columns, Warnings on top; what is not looked at is pale. */
export function drawHistogram(
  context: CanvasRenderingContext2D,
  data: HistogramData,
  scale: TimeScale,
  height: number,
  seen: TimeWindow,
  palette: Palette,
): void {
  context.clearRect(0, 0, scale.width, height);
  for (const { from, to } of data.gaps)
    drawHatch(context, scale.toX(from), 0, scale.toX(to) - scale.toX(from), height, palette.hatch);
  const totals = data.normal.map((count, index) => count + (data.warning[index] ?? 0));
  const most = totals.reduce((a, b) => Math.max(a, b), 1);
  const bucket = (data.window.to - data.window.from) / Math.max(1, totals.length);
  const width = bucket / scale.perPixel;
  for (const [index, total] of totals.entries()) {
    if (total <= 0) continue;
    const from = data.window.from + index * bucket;
    const high = Math.max(2, (height - 6) * Math.sqrt(total / most));
    const warned = high * ((data.warning[index] ?? 0) / total);
    const isSeen = from + bucket > seen.from && from < seen.to;
    context.globalAlpha = isSeen ? 1 : 0.4;
    const [x, wide] = [scale.toX(from), Math.max(1.5, width - (width > 3 ? 1 : 0))];
    context.fillStyle = palette.normal;
    context.fillRect(x, height - high + warned, wide, high - warned);
    context.fillStyle = palette.warning;
    if (warned > 0) context.fillRect(x, height - high, wide, Math.max(1.5, warned));
  }
  context.globalAlpha = 1;
}
