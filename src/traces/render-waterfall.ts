import { displayWidth, padToWidth } from '../lib/display-width.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { cutToWidth, wrapText } from '../lib/wrap-text.ts';
import { formatLength } from '../stories/render/format-times.ts';
import { markOf, paintOutcome, paintStep } from '../stories/render/outcome-marks.ts';
import { renderHead, type TreeOptions } from '../stories/render/render-tree.ts';
import type { Story } from '../stories/story.ts';
import { type Axis, axisOver, drawMoments, drawScale, drawSpan } from './draw-spans.ts';
import type { Span, Trace } from './span.ts';
import { rowsOf, type WaterfallRow } from './waterfall-rows.ts';

const MIN_WIDTH = 40;
/** Texts get so much of the width, and no more columns than `MOST_TEXT`. */
const TEXT_SHARE = 0.45;
const MOST_TEXT = 72;
const GAP = '  ';
/** So many lines an error is given. */
const MOST_LINES = 3;

/**
 * A trace as a waterfall, a line each: what began the story and how it came out; a scale; then each span below its cause, as a bar from when
 * it began to when it ended, with its length, how often it was repeated, and errors in full.
 */
export function renderWaterfall(story: Story, trace: Trace, options: TreeOptions): string[] {
  const width = Math.max(MIN_WIDTH, options.width);
  const rows = rowsOf(story, trace, options.echoes ?? false);
  const [root] = trace.spans;
  const layout = layOut(rows, root, width);
  return [
    ...renderHead(story, width, options, true),
    ...renderRoot(story, trace, layout, options),
    ...rows.flatMap((row) => renderRow(row, layout, width, options)),
  ];
}

/** The scale and the bar of the whole, with the trace's id before it where there is room, else in a line of its own. */
function renderRoot(story: Story, trace: Trace, layout: Layout, { style }: TreeOptions): string[] {
  const [root] = trace.spans;
  const id = `│  trace ${trace.traceId}`;
  const fits = displayWidth(id) <= layout.text;
  const empty = padToWidth('│', layout.text);
  const bar = paintOutcome(story.outcome, style)(fill(drawSpan(root, layout.axis), layout));
  return [
    ...(fits ? [] : [style.dim(id)]),
    `${style.dim(empty)}${GAP}${style.dim(drawScale(layout.axis))}`,
    `${style.dim(fits ? padToWidth(id, layout.text) : empty)}${GAP}${bar}${GAP}${style.dim(sayLength(root))}`.trimEnd(),
  ];
}

interface Layout {
  readonly text: number;
  readonly axis: Axis;
}

function layOut(rows: readonly WaterfallRow[], root: Span, width: number): Layout {
  const texts = rows.map((row) => displayWidth(labelOf(row)));
  const rights = rows.map((row) => displayWidth(rightOf(row)));
  const text = Math.min(Math.max(...texts, 1), MOST_TEXT, Math.floor(width * TEXT_SHARE));
  const right = Math.max(...rights, displayWidth(sayLength(root)));
  return { text, axis: axisOver(root, Math.max(10, width - text - right - 2 * GAP.length)) };
}

function renderRow(row: WaterfallRow, layout: Layout, width: number, options: TreeOptions): string[] {
  const { style } = options;
  const { step, span } = row;
  if (step === undefined) return [style.dim(`${row.rail}${row.text}`)];
  const paint = paintStep(step, style);
  const label = labelOf(row);
  const isCut = displayWidth(label) > layout.text;
  const shown = isCut ? `${cutToWidth(label, layout.text - 1)}…` : label;
  const text = `${style.dim(row.rail)}${paint(shown.slice(row.rail.length))}`;
  const bar =
    span === undefined
      ? drawMoments(
          step.occurrences.map(({ at }) => at),
          layout.axis,
        )
      : drawSpan(span, layout.axis);
  const right = rightOf(row);
  const end = right === '' ? paint(bar) : `${paint(fill(bar, layout))}${GAP}${style.dim(right)}`;
  const line = `${text}${' '.repeat(layout.text - displayWidth(shown))}${GAP}${end}`;
  return [line.trimEnd(), ...renderError(row, isCut, width, options)];
}

/** An error in full, where the line above had no room for it. */
function renderError(row: WaterfallRow, isCut: boolean, width: number, options: TreeOptions): string[] {
  const { style, echoes } = options;
  const error = makeSafe(row.span?.error ?? '');
  if (error === '' || (!isCut && error === row.text)) return [];
  const rail = `${row.railNext}  `;
  const room = Math.max(MIN_WIDTH / 2, width - displayWidth(rail));
  return wrapText(error, room, echoes === true ? undefined : MOST_LINES).map(
    (line) => `${style.dim(rail)}${style.red(line)}`,
  );
}

function labelOf({ rail, step, text }: WaterfallRow): string {
  if (step === undefined) return rail;
  const mark = markOf(step);
  return mark === ' ' ? `${rail}${text}` : `${rail}${mark} ${text}`;
}

/** `0.9s`, `15m1s ×64`. */
function rightOf({ span, step }: WaterfallRow): string {
  const repeats = step !== undefined && step.count > 1 ? `×${step.count}` : '';
  return [span === undefined ? '' : sayLength(span), repeats].filter((part) => part !== '').join(' ');
}

/** A moment has none; what goes on has more. */
function sayLength({ from, to, open }: Span): string {
  if (from === to) return '';
  return `${formatLength(to - from)}${open ? '…' : ''}`;
}

function fill(bar: string, { axis }: Layout): string {
  return padToWidth(bar, axis.cells);
}
