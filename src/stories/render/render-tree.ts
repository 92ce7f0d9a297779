import type { Style } from '../../lib/ansi-style.ts';
import { displayWidth, padToWidth } from '../../lib/display-width.ts';
import { makeSafe } from '../../lib/safe-text.ts';
import { HOUR, type Micros } from '../../lib/time.ts';
import { cutToWidth, wrapText } from '../../lib/wrap-text.ts';
import { formatObject } from '../../objects/object.ts';
import type { Story } from '../story.ts';
import { formatClock, formatDate } from './format-times.ts';
import { MARKS, paintOutcome, paintStep } from './outcome-marks.ts';
import { sayOutcome } from './say-outcome.ts';
import { linesOf, type TreeLine } from './tree-lines.ts';

export interface TreeOptions {
  /** Columns; at least 40 are used. */
  readonly width: number;
  /** What "still" and "for 17h" are counted to. */
  readonly now: Micros;
  readonly style: Style;
  /** Name the namespace, where stories of several are told. */
  readonly namespaces?: boolean;
  /** Tell steps too that say nothing new. */
  readonly echoes?: boolean;
}

/** Where texts begin, with the sign of the outcome two columns before. */
const TEXT_COLUMN = 17;
const MIN_WIDTH = 40;
/** Narrower than this, a text column is given the room of the columns right of it. */
const MIN_TEXT = 36;
/** Narrower than this, a heading is given the whole line, and its time the next. */
const MIN_HEAD = 20;

/** A story as a tree, a line each: what began it and how it came out, then its steps with times, repeats, lengths and who said it. */
export function renderTree(story: Story, options: TreeOptions): string[] {
  const width = Math.max(MIN_WIDTH, options.width);
  const lines = linesOf(story, options.now, options.echoes ?? false);
  const columns = measure(lines, width);
  return [
    ...renderHead(story, width, options, lines.length > 0),
    ...lines.flatMap((line) => renderLine(line, columns, width, options.style)),
  ];
}

/** What it is about, what began it, when, and how it came out. */
export function renderHead(story: Story, width: number, options: TreeOptions, hasSteps: boolean): string[] {
  const { style } = options;
  const paint = paintOutcome(story.outcome, style);
  const namespace =
    options.namespaces === true && story.object.namespace !== '' ? ` -n ${story.object.namespace}` : '';
  const name = makeSafe(`${formatObject(story.object)}${namespace}`);
  const [by, time] = [makeSafe(story.root?.by ?? ''), formatWhen(story, options.now)];
  const left = `${name}   ${makeSafe(story.title)}`;
  const isWide = width - 4 - displayWidth(`${by} · ${time}`) >= displayWidth(left);
  const when = by !== '' && isWide ? `${by} · ${time}` : time;
  const room = width - 4 - displayWidth(when);
  const rail = hasSteps ? '│  ' : '   ';
  const isBeside = room >= MIN_HEAD;
  const [first = '', ...more] = wrapText(left, isBeside ? room : width - 3);
  const gap = ' '.repeat(Math.max(2, room + 2 - displayWidth(first)));
  const head = `${paint(MARKS[story.outcome])} ${style.bold(first)}${isBeside ? `${gap}${style.dim(when)}` : ''}`;
  const outcome = sayOutcome(story, options.now);
  const told = [makeSafe(outcome), by === '' || isWide ? '' : `by ${by}`]
    .filter((part) => part !== '')
    .join('; ');
  return [
    head.trimEnd(),
    ...more.map((line) => `${rail}${style.bold(line)}`),
    ...(isBeside ? [] : [`${rail}${style.dim(when)}`]),
    ...(told === '' ? [] : wrapText(told, width - 3).map((line) => `${rail}${paint(line)}`)),
  ];
}

function formatWhen(story: Story, now: Micros): string {
  const isRecent = Math.abs(now - story.from) < 12 * HOUR;
  return isRecent ? formatClock(story.from, isPrecise(story), story.from) : formatDate(story.from);
}

function isPrecise(story: Story): boolean {
  return (story.root ?? story.steps[0])?.precise ?? false;
}

interface Columns {
  readonly repeats: number;
  readonly length: number;
  readonly by: number;
  readonly text: number;
}

/** Gives the text what the columns right of it leave, and gives up columns, who said it first, where that is too little. */
function measure(lines: readonly TreeLine[], width: number): Columns {
  const widest = (cells: readonly string[]) =>
    cells.reduce((most, cell) => Math.max(most, displayWidth(cell)), 0);
  const full = {
    repeats: widest(lines.map((line) => line.repeats)),
    length: widest(lines.map((line) => line.length)),
    by: widest(lines.map((line) => line.by)),
  };
  const tries = [
    full,
    { ...full, by: 0 },
    { repeats: 0, length: full.length, by: 0 },
    { repeats: 0, length: 0, by: 0 },
  ];
  const rooms = tries.map((each) => ({ ...each, text: width - TEXT_COLUMN - roomOf(each) }));
  return rooms.find((each) => each.text >= MIN_TEXT) ?? rooms.at(-1) ?? { ...full, text: MIN_TEXT };
}

function roomOf({ repeats, length, by }: Omit<Columns, 'text'>): number {
  return [repeats, length, by].reduce((room, column) => room + (column === 0 ? 0 : column + 2), 0);
}

function renderLine(line: TreeLine, columns: Columns, width: number, style: Style): string[] {
  const paint = line.step === undefined ? style.dim : paintStep(line.step, style);
  const lead = leadOf(line);
  const indent = displayWidth(lead.text) + displayWidth(lead.sign);
  const next = style.dim(padToWidth(line.railNext, indent));
  const begin = `${style.dim(lead.text)}${paint(lead.sign)}`;
  const right = rightOf(line, columns);
  const room = width - indent - right.width;
  const lines = wrapText(
    line.text,
    displayWidth(line.text) <= room ? room : Math.max(MIN_TEXT / 2, width - indent),
  );
  const last = lines.at(-1) ?? '';
  const isBelow = right.text !== '' && displayWidth(last) > room;
  const drawn = lines.map((text, index) => {
    const isLast = index === lines.length - 1;
    const isBeside = isLast && right.text !== '' && !isBelow;
    const gap = isBeside ? ' '.repeat(Math.max(0, room - displayWidth(text))) : '';
    const end = isBeside ? `${gap}${style.dim(right.text)}` : '';
    return `${index === 0 ? begin : next}${paint(text)}${end}`.trimEnd();
  });
  return isBelow ? [...drawn, drawBelow(line.railNext, right.text, width, style)] : drawn;
}

/** What has no room right of the text, as far to the right below it. */
function drawBelow(rail: string, right: string, width: number, style: Style): string {
  const text = cutToWidth(right.trimStart(), width - displayWidth(rail));
  const from = width - displayWidth(right.trimStart());
  const lead = padToWidth(rail, Math.max(displayWidth(rail), from));
  return `${style.dim(lead)}${style.dim(text)}`.trimEnd();
}

/** What is before the text: the tree, the time and, two columns before the text, the sign. */
function leadOf(line: TreeLine): { readonly text: string; readonly sign: string } {
  if (line.time === '') return { text: line.rail, sign: '' };
  const lead = `${line.rail}${line.time}`;
  if (line.mark !== ' ') return { text: padToWidth(`${lead} `, TEXT_COLUMN - 2), sign: `${line.mark} ` };
  return { text: padToWidth(`${lead}  `, TEXT_COLUMN), sign: '' };
}

/** The columns right of the text, each in its place; what is left of the first that is filled is the text's. */
function rightOf(line: TreeLine, columns: Columns): { readonly text: string; readonly width: number } {
  const cells: readonly (readonly [string, number])[] = [
    [line.repeats, columns.repeats],
    [line.length, columns.length],
    [line.by, columns.by],
  ];
  const shown = cells.filter(([, column]) => column > 0);
  const from = shown.findIndex(([cell]) => cell !== '');
  if (from < 0) return sayLoose(line, columns);
  const text = shown
    .slice(from)
    .map(([cell, column]) => `  ${padToWidth(cell, column)}`)
    .join('');
  return { text, width: displayWidth(text) };
}

/** Where there is no room for columns, repeats and length follow the text. */
function sayLoose(line: TreeLine, columns: Columns): { readonly text: string; readonly width: number } {
  const cells = [columns.repeats === 0 ? line.repeats : '', columns.length === 0 ? line.length : ''];
  const text = cells
    .filter((cell) => cell !== '')
    .map((cell) => `  ${cell}`)
    .join('');
  return { text, width: displayWidth(text) };
}
