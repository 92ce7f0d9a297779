import type { Micros } from '../../../src/lib/time.ts';
import type { TimeScale } from '../time/time-scale.ts';
import { type RowMetrics, visibleRange } from './row-metrics.ts';
import type { Bar, ManyRef, Mark, MarkRef, TimelineData, TimelineRow, Tone } from './timeline-data.ts';

/** Something to draw and to point at. In CSS pixels from the top left of what is seen. */
export interface Box {
  readonly shape: 'life' | 'step' | 'column' | 'event' | 'change';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: Tone;
  /** Of a column: the part of its height that Warnings are, from 0 to 1. */
  readonly share: number;
  /** The time it stands for. */
  readonly from: Micros;
  readonly to: Micros;
  /** Inside of a bar, when there is room; empty else. */
  readonly text: string;
  /** Where the text begins. */
  readonly textX: number;
  /** Whether it goes on. */
  readonly open: boolean;
  readonly ref: MarkRef;
  /** Which of the visible rows it is in. */
  readonly row: number;
  /** What it says when it is pointed at. */
  readonly title: string;
}

/** A stretch that nobody watched. */
export interface Hatch {
  readonly x: number;
  readonly width: number;
  readonly text: string;
  readonly from: Micros;
  readonly to: Micros;
}

export interface TimelineLayout {
  /** From back to front. */
  readonly boxes: readonly Box[];
  readonly hatches: readonly Hatch[];
  /** The visible rows that are seen, as indexes. */
  readonly first: number;
  readonly end: number;
}

export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  /** How high rows are. */
  readonly metrics: RowMetrics;
}

/** So many happenings at once are one mark. */
const FEW = 3;
/** The thinnest thing that can be seen and hit, in pixels. */
const THINNEST = 2;
/** The least room for a bar's text, in pixels at the usual size. */
const ROOM_FOR_TEXT = 40;
const TEXT_INSET = 7;

/** Where everything is that a viewport of the timeline shows. Pure: the same data at the same place gives the same boxes. */
export function layOutTimeline(data: TimelineData, scale: TimeScale, viewport: Viewport): TimelineLayout {
  const { metrics } = viewport;
  const { first, end } = visibleRange(viewport.scrollTop, viewport.height, data.rows.length, metrics);
  const seen = data.rows.slice(first, end);
  const loudest = seen.reduce((most, row) => Math.max(most, loudestOf(row)), 1);
  const boxes = seen.flatMap((row, index) => {
    const top = (first + index) * metrics.height - viewport.scrollTop;
    const place = { row: first + index, top, metrics };
    return [
      ...layOutBars(row, place, scale),
      ...layOutColumns(row, place, scale, data, loudest),
      ...layOutMarks(row.marks, place, scale),
    ];
  });
  return { boxes, hatches: layOutGaps(data, scale), first, end };
}

interface Place {
  readonly row: number;
  readonly top: number;
  readonly metrics: RowMetrics;
}

/** Longer ones behind shorter ones, so that each can be seen. */
function layOutBars({ bars, marks }: TimelineRow, place: Place, scale: TimeScale): Box[] {
  const { metrics } = place;
  const sorted = [...bars].sort(
    (a, b) => weigh(b) - weigh(a) || b.to - b.from - (a.to - a.from) || a.from - b.from,
  );
  return sorted.flatMap((bar) => {
    const [left, right] = [scale.toX(bar.from), scale.toX(bar.to)];
    if (right < -THINNEST || left > scale.width + THINNEST) return [];
    const x = Math.max(-8, left);
    const width = Math.max(THINNEST, Math.min(scale.width + 8, right) - x);
    const textX = findTextPlace(bar, [...bars, ...marks.map(toStretch)], scale, x, x + width, metrics);
    const box: Box = {
      shape: bar.weight,
      x,
      y: place.top + metrics.barTop,
      width,
      height: metrics.barHeight,
      tone: bar.tone,
      share: 0,
      from: bar.from,
      to: bar.to,
      text: textX === undefined ? '' : bar.text,
      textX: textX ?? 0,
      open: bar.open,
      ref: bar.ref,
      row: place.row,
      title: bar.text,
    };
    return [box];
  });
}

function weigh({ weight }: Bar): number {
  return weight === 'life' ? 1 : 0;
}

/** Of a letter, about, at the usual size. */
const LETTER = 5.9;

/** Where a bar's text can stand without another bar, shorter and so in front, covering it; undefined where there is too little room. */
function findTextPlace(
  bar: Bar,
  others: readonly Stretch[],
  scale: TimeScale,
  left: number,
  right: number,
  metrics: RowMetrics,
): number | undefined {
  const length = bar.to - bar.from;
  const inset = TEXT_INSET * metrics.scale;
  const width = bar.text.length * LETTER * metrics.scale;
  let x = Math.max(left, 0) + inset;
  const inFront = others
    .filter((other) => other !== bar && other.to - other.from <= length)
    .sort((a, b) => a.from - b.from);
  for (const other of inFront) {
    const [from, to] = [scale.toX(other.from), scale.toX(other.to)];
    if (to < x - inset || from > x + width || from > right) continue;
    x = Math.max(to, from + THINNEST) + inset;
  }
  return right - x < ROOM_FOR_TEXT * metrics.scale ? undefined : x;
}

type Stretch = Pick<Bar, 'from' | 'to'>;

function toStretch({ at }: Mark): Stretch {
  return { from: at, to: at };
}

function loudestOf({ normal, warning }: TimelineRow): number {
  return normal.reduce((most, count, index) => Math.max(most, count + (warning[index] ?? 0)), 0);
}

/** Happenings as columns; where each has room, single ones as marks of their own. */
function layOutColumns(
  row: TimelineRow,
  place: Place,
  scale: TimeScale,
  data: TimelineData,
  loudest: number,
): Box[] {
  const width = data.bucket / scale.perPixel;
  const boxes: Box[] = [];
  for (const [index, normal] of row.normal.entries()) {
    const warning = row.warning[index] ?? 0;
    const count = normal + warning;
    const from = data.window.from + index * data.bucket;
    const x = scale.toX(from);
    if (count <= 0 || x + width < 0 || x > scale.width) continue;
    const ref: ManyRef = { kind: 'many', row: row.id, from, to: from + data.bucket, count };
    const isSingle = count <= FEW && isAlone(row, index);
    boxes.push(
      isSingle
        ? eventBox(x + width / 2, warning > 0, ref, place)
        : columnBox(x, width, count, warning, ref, place, loudest),
    );
  }
  return boxes;
}

/** Nothing happened right before or after, so that a mark covers nothing. */
function isAlone({ normal, warning }: TimelineRow, index: number): boolean {
  return [index - 1, index + 1].every((next) => (normal[next] ?? 0) + (warning[next] ?? 0) === 0);
}

function columnBox(
  x: number,
  width: number,
  count: number,
  warning: number,
  ref: ManyRef,
  place: Place,
  loudest: number,
): Box {
  const { laneTop, laneHeight, scale } = place.metrics;
  const height = Math.max(5 * scale, laneHeight * (Math.log1p(count) / Math.log1p(Math.max(loudest, 8))));
  return {
    shape: 'column',
    x,
    y: place.top + laneTop + laneHeight - height,
    width: Math.max(3, width),
    height,
    tone: warning > 0 ? 'warning' : 'normal',
    share: warning / count,
    from: ref.from,
    to: ref.to,
    text: '',
    textX: 0,
    open: false,
    ref,
    row: place.row,
    title: '',
  };
}

function eventBox(middle: number, warns: boolean, ref: ManyRef, place: Place): Box {
  const { laneTop, laneHeight, event } = place.metrics;
  return {
    shape: 'event',
    x: middle - event / 2,
    y: place.top + laneTop + laneHeight / 2 - event / 2,
    width: event,
    height: event,
    tone: warns ? 'warning' : 'normal',
    share: warns ? 1 : 0,
    from: ref.from,
    to: ref.to,
    text: '',
    textX: 0,
    open: false,
    ref,
    row: place.row,
    title: '',
  };
}

function layOutMarks(marks: readonly Mark[], place: Place, scale: TimeScale): Box[] {
  const { barTop, barHeight, laneTop, laneHeight, change, event } = place.metrics;
  return marks.flatMap((mark) => {
    const x = scale.toX(mark.at);
    const half = (mark.is === 'change' ? change : event) / 2;
    if (x < -half || x > scale.width + half) return [];
    const middle = place.top + (mark.is === 'change' ? barTop + barHeight / 2 : laneTop + laneHeight / 2);
    const box: Box = {
      shape: mark.is,
      x: x - half,
      y: middle - half,
      width: 2 * half,
      height: 2 * half,
      tone: mark.tone,
      share: mark.tone === 'warning' || mark.tone === 'bad' ? 1 : 0,
      from: mark.at,
      to: mark.at,
      text: '',
      textX: 0,
      open: false,
      ref: mark.ref,
      row: place.row,
      title: mark.text,
    };
    return [box];
  });
}

function layOutGaps(data: TimelineData, scale: TimeScale): Hatch[] {
  return data.gaps.flatMap(({ from, to, text }) => {
    const [x, right] = [Math.max(0, scale.toX(from)), Math.min(scale.width, scale.toX(to))];
    return right < 0 || x > scale.width ? [] : [{ x, width: Math.max(1, right - x), text, from, to }];
  });
}
