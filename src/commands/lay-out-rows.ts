import type { Style } from '../lib/ansi-style.ts';
import { padToWidth } from '../lib/display-width.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { wrapText } from '../lib/wrap-text.ts';

/** On a terminal, a message that would get fewer columns than this beside the others goes below them. */
const NARROWEST_MESSAGE = 44;
/** On a terminal, a message is cut after about so many letters, but never before the third line; a pipe and `-o wide` have all of it. */
const MOST_LETTERS = 320;
const FEWEST_LINES = 3;
const BELOW = '    ';

/** An Event ready to be laid out; its texts are safe, the message may hold line feeds. */
export interface Row {
  /** Ends with type, reason, object. */
  readonly cells: readonly string[];
  readonly message: string;
  /** Whether its type and reason are to stand out. */
  readonly alarming: boolean;
}

export interface RowLayout {
  /** The headings that stand above something in this layout. */
  readonly titles: (all: readonly string[]) => string;
  readonly lines: (row: Row) => string[];
}

/**
 * How rows become lines. In a pipe, a row is one line. On a terminal nothing is wider than it: the message is wrapped beside the other
 * columns; where that leaves too little room, below them; where even they do not fit, the object goes there too.
 *
 * @param widths of the cells, padding included
 * @param terminal its columns; undefined for a pipe
 */
export function chooseLayout(
  widths: readonly number[],
  terminal: number | undefined,
  style: Style,
): RowLayout {
  const format = (row: Row, cells: readonly string[] = row.cells) => formatCells(cells, row, widths, style);
  const heading = (titles: readonly string[]) =>
    titles
      .map((title, i) => padToWidth(title, widths[i] ?? 0))
      .join('')
      .trimEnd();
  if (terminal === undefined)
    return { titles: heading, lines: (row) => [format(row) + makeSafe(row.message)] };
  const left = sum(widths);
  if (terminal - left >= NARROWEST_MESSAGE) {
    const margin = ' '.repeat(left);
    const lines = (row: Row) => {
      const [first = '', ...rest] = wrapMessage(row.message, terminal - left);
      return [(format(row) + first).trimEnd(), ...rest.map((line) => margin + line)];
    };
    return { titles: heading, lines };
  }
  const room = Math.max(NARROWEST_MESSAGE, terminal) - BELOW.length;
  const wrapBelow = (text: string) =>
    text === '' ? [] : wrapMessage(text, room).map((line) => BELOW + line);
  if (left <= terminal + 2) {
    const lines = (row: Row) => [format(row).trimEnd(), ...wrapBelow(row.message)];
    return { titles: (all) => heading(all.slice(0, -1)), lines };
  }
  const lines = (row: Row) => [
    format(row, row.cells.slice(0, -1)).trimEnd(),
    ...wrapBelow([row.cells.at(-1) ?? '', row.message].filter((text) => text !== '').join(': ')),
  ];
  return { titles: (all) => heading(all.slice(0, -2)), lines };
}

function formatCells(cells: readonly string[], row: Row, widths: readonly number[], style: Style): string {
  const reason = row.cells.length - 2;
  return cells
    .map((cell, index) => {
      const padded = padToWidth(cell, widths[index] ?? 0);
      const loud = row.alarming && (index === reason - 1 || index === reason);
      return loud ? style.yellow(cell) + padded.slice(cell.length) : padded;
    })
    .join('');
}

function wrapMessage(text: string, width: number): string[] {
  return wrapText(text, width, Math.max(FEWEST_LINES, Math.ceil(MOST_LETTERS / width)));
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
