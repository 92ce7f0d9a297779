import type { Ticks } from '../time/ticks.ts';
import type { TimeScale } from '../time/time-scale.ts';
import { drawHatch } from './draw-hatch.ts';
import type { Box, TimelineLayout } from './layout-timeline.ts';
import type { Palette } from './read-palette.ts';
import type { RowMetrics } from './row-metrics.ts';

export interface Scene {
  readonly layout: TimelineLayout;
  readonly ticks: Ticks;
  readonly scale: TimeScale;
  readonly height: number;
  readonly scrollTop: number;
  readonly rows: number;
  readonly metrics: RowMetrics;
  /** The latest happening of all. */
  readonly end: number;
  /** The row that is pointed at, or has the focus; -1: none. */
  readonly activeRow: number;
  readonly hovered: Box | undefined;
  /** What the panel tells of, by the id of its ref. */
  readonly chosen: string | undefined;
}

/** Draws a viewport of the timeline; the only one that knows how it looks. */
export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene, palette: Palette): void {
  context.clearRect(0, 0, scene.scale.width, scene.height);
  drawGround(context, scene, palette);
  for (const hatch of scene.layout.hatches)
    drawHatch(context, hatch.x, 0, hatch.width, scene.height, palette.hatch);
  drawColumns(context, scene.layout.boxes, palette);
  for (const box of scene.layout.boxes)
    if (box.shape !== 'column') drawBox(context, box, palette, scene.metrics);
  for (const box of scene.layout.boxes)
    if (isChosen(box, scene.chosen)) drawRing(context, box, palette.accent);
  if (scene.hovered !== undefined) drawRing(context, scene.hovered, palette.ink);
  drawEnd(context, scene, palette);
}

function drawGround(context: CanvasRenderingContext2D, scene: Scene, palette: Palette): void {
  const { layout, scale, scrollTop, height, metrics } = scene;
  if (scene.activeRow >= 0 && scene.activeRow < scene.rows) {
    context.fillStyle = palette.sunken;
    context.fillRect(0, scene.activeRow * metrics.height - scrollTop, scale.width, metrics.height);
  }
  context.fillStyle = palette.line;
  for (const { at } of scene.ticks.ticks) context.fillRect(Math.round(scale.toX(at)), 0, 1, height);
  context.globalAlpha = 0.6;
  for (let row = layout.first; row < layout.end; row++)
    context.fillRect(0, (row + 1) * metrics.height - scrollTop - 1, scale.width, 1);
  context.globalAlpha = 1;
}

function drawBox(context: CanvasRenderingContext2D, box: Box, palette: Palette, metrics: RowMetrics): void {
  if (box.shape === 'event') drawEvent(context, box, palette);
  else if (box.shape === 'change') drawDiamond(context, box, palette);
  else drawBar(context, box, palette, metrics);
}

function drawBar(context: CanvasRenderingContext2D, box: Box, palette: Palette, metrics: RowMetrics): void {
  const { x, y, width, height, tone } = box;
  const isNarrow = width < 6;
  context.beginPath();
  context.roundRect(x, y, width, height, isNarrow ? 0.5 : box.open ? [3, 0, 0, 3] : 3);
  context.fillStyle = isNarrow ? palette.strong[tone] : palette.soft[tone];
  context.fill();
  if (isNarrow) return;
  context.fillStyle = palette.strong[tone];
  const [line, edge] = [Math.round(height / 6), Math.round(height / 4)];
  if (box.shape === 'step') context.fillRect(x, y + height - line, width, line);
  context.fillRect(x, y, edge, height);
  if (box.text !== '') drawText(context, box, palette, metrics);
}

function drawText(context: CanvasRenderingContext2D, box: Box, palette: Palette, metrics: RowMetrics): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y - 2, box.width - 4, box.height + 4);
  context.clip();
  context.fillStyle = palette.ink;
  context.font = `${metrics.text}px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillText(box.text, box.textX, box.y + box.height / 2);
  context.restore();
}

/** Normal below, Warning on top; all of a colour at once, since there are thousands. */
function drawColumns(context: CanvasRenderingContext2D, boxes: readonly Box[], palette: Palette): void {
  context.fillStyle = palette.normal;
  for (const box of boxes) {
    if (box.shape !== 'column') continue;
    const warning = warningHeight(box);
    if (warning < box.height)
      context.fillRect(box.x, box.y + warning, columnWidth(box), box.height - warning);
  }
  context.fillStyle = palette.warning;
  for (const box of boxes)
    if (box.shape === 'column' && box.share > 0)
      context.fillRect(box.x, box.y, columnWidth(box), Math.min(warningHeight(box), box.height));
}

function warningHeight({ share, height }: Box): number {
  return share > 0 ? Math.max(2.5, height * share) : 0;
}

function columnWidth({ width }: Box): number {
  return width > 3 ? width - 0.75 : width;
}

/** A dot; what warns is a triangle, so that nobody needs to tell the colours apart. */
function drawEvent(context: CanvasRenderingContext2D, box: Box, palette: Palette): void {
  const { x, y, width, height } = box;
  context.beginPath();
  if (box.share > 0) {
    context.moveTo(x + width / 2, y - 1);
    context.lineTo(x + width + 0.5, y + height);
    context.lineTo(x - 0.5, y + height);
    context.closePath();
  } else {
    context.arc(x + width / 2, y + height / 2, width / 2 - 0.75, 0, 2 * Math.PI);
  }
  context.fillStyle = palette.strong[box.tone];
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = palette.surface;
  context.stroke();
}

function drawDiamond(context: CanvasRenderingContext2D, box: Box, palette: Palette): void {
  const { x, y, width, height } = box;
  context.beginPath();
  context.moveTo(x + width / 2, y - 1);
  context.lineTo(x + width + 1, y + height / 2);
  context.lineTo(x + width / 2, y + height + 1);
  context.lineTo(x - 1, y + height / 2);
  context.closePath();
  context.fillStyle = palette.change;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = palette.surface;
  context.stroke();
}

function isChosen(box: Box, chosen: string | undefined): boolean {
  return chosen !== undefined && box.ref.kind !== 'many' && box.ref.id === chosen;
}

function drawRing(context: CanvasRenderingContext2D, box: Box, color: string): void {
  context.beginPath();
  context.roundRect(box.x - 2.5, box.y - 2.5, box.width + 5, box.height + 5, 4);
  context.lineWidth = 1.75;
  context.strokeStyle = color;
  context.stroke();
}

/** What lies after the end of the record has not happened yet. */
function drawEnd(context: CanvasRenderingContext2D, { scale, end, height }: Scene, palette: Palette): void {
  const x = Math.round(scale.toX(end));
  if (x < 0 || x > scale.width) return;
  context.globalAlpha = 0.55;
  context.fillStyle = palette.sunken;
  context.fillRect(x, 0, scale.width - x, height);
  context.globalAlpha = 1;
  context.fillStyle = palette.accent;
  context.fillRect(x, 0, 1, height);
}
