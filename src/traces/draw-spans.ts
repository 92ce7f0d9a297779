import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import { formatLength } from '../stories/render/format-times.ts';
import type { Span } from './span.ts';

/** What a waterfall's time axis shows. */
export interface Axis {
  readonly from: number;
  /** At least a millisecond. */
  readonly length: MicrosLength;
  /** Columns. */
  readonly cells: number;
}

/** Steps of an axis that people read easily, in seconds. */
const NICE: readonly number[] = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000,
];
const LABEL_ROOM = 8;

const LINE = '━';
/** Less than a column long. */
const SHORT = '╸';
/** A single moment. */
const MOMENT = '╷';
/** Of a change. */
const CHANGE = '◇';
const REPEAT = '┿';
const OPEN = '▶';

/** An axis over a whole trace. */
export function axisOver({ from, to }: Pick<Span, 'from' | 'to'>, cells: number): Axis {
  return { from, length: Math.max(1_000, to - from), cells };
}

/** The times along an axis: `0s        5m        10m`. */
export function drawScale(axis: Axis): string {
  const wanted = axis.length / SECOND / Math.max(1, Math.floor(axis.cells / LABEL_ROOM));
  const step = (NICE.find((nice) => nice >= wanted) ?? wanted) * SECOND;
  let [line, last] = ['', ''];
  for (let at = 0; at <= axis.length; at += step) {
    const label = at === 0 ? '0' : formatLength(at);
    const cell = Math.floor((at / axis.length) * axis.cells);
    if (cell + label.length > axis.cells || (line !== '' && cell <= line.length) || label === last) continue;
    line = line.padEnd(cell) + label;
    last = label;
  }
  return line;
}

/** A span as a bar at its place, with where it was repeated; as wide as the axis at most. */
export function drawSpan({ from, to, open, events, name, parentSpanId }: Span, axis: Axis): string {
  const last = axis.cells - 1;
  const first = cellAt(from, axis);
  const end = Math.max(first, Math.min(last, Math.ceil(((to - axis.from) / axis.length) * axis.cells) - 1));
  const bar = new Array<string>(end - first + 1).fill(LINE);
  if (to === from) bar[0] = MOMENT;
  else if (bar.length === 1) bar[0] = SHORT;
  if (parentSpanId !== '' && bar.length > 1)
    for (const event of events) {
      const cell = cellAt(event.at, axis) - first;
      if (name.endsWith(`.${event.name}`) && cell >= 0 && cell < bar.length) bar[cell] = REPEAT;
    }
  if (open) bar[bar.length - 1] = OPEN;
  return ' '.repeat(first) + bar.join('');
}

/** Changes, which have no length, at their times. */
export function drawMoments(times: readonly Micros[], axis: Axis): string {
  const cells = new Array<string>(axis.cells).fill(' ');
  for (const at of times) cells[cellAt(at, axis)] = CHANGE;
  return cells.join('').trimEnd();
}

function cellAt(at: number, { from, length, cells }: Axis): number {
  return Math.max(0, Math.min(cells - 1, Math.floor(((at - from) / length) * cells)));
}
