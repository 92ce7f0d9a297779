import type { Event, RecordedEvent } from '../events/event.ts';
import { formatAge, formatDescribeAge } from '../events/event-age.ts';
import { lastSeen } from '../events/event-time.ts';
import { createStyle, type Style } from '../lib/ansi-style.ts';
import { padToWidth } from '../lib/display-width.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { Micros } from '../lib/time.ts';
import { wrapText } from '../lib/wrap-text.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { createColumns } from './grow-columns.ts';
import { pageRows } from './page-rows.ts';
import { printText } from './print.ts';

/** On a terminal, a message that would get fewer columns than this beside the others goes below them. */
const NARROWEST_MESSAGE = 44;
/** On a terminal, a message is cut after so many lines; `-o wide` and a pipe have all of it. */
const MOST_LINES = 3;
const BELOW = '    ';

/** A row before it is laid out: its cells, and its message, made safe but for line feeds. */
interface Row {
  readonly cells: readonly string[];
  readonly message: string;
  readonly alarming: boolean;
}

/**
 * Hark's own table: `kubectl events`' columns with the object named as in commands (`pod/x`). A pipe gets a line for each Event, whole; a
 * terminal gets lines that fit it, and what is no Normal coloured.
 */
export function createTablePrinter(options: PrintOptions): EventPrinter {
  const columns = createColumns({ padding: 2, minWidth: 0 });
  const style = createStyle(options.color);
  const header = [...nameScopes(options), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT'];
  let headed = false;
  return pageRows(options.endless, async (events) => {
    const now = options.now();
    const rows = events.map((recorded) => makeRow(recorded, now, options));
    columns.grow(
      [...(headed ? [] : [header]), ...rows.map(({ cells }) => cells)].map((cells) => [...cells, '']),
    );
    const layOut = chooseLayout(columns.widths, options.output.columns, style, header.length - 3);
    const head = headed ? [] : [style.dim(formatHeader(header, columns.widths))];
    headed = true;
    await printText(options.output, `${[...head, ...rows.flatMap(layOut)].join('\n')}\n`);
  });
}

function nameScopes({ clusters, withNamespace }: PrintOptions): string[] {
  return [...(clusters.size > 1 ? ['CLUSTER'] : []), ...(withNamespace ? ['NAMESPACE'] : [])];
}

function makeRow({ cluster, event }: RecordedEvent, now: Micros, options: PrintOptions): Row {
  const scopes = [
    ...(options.clusters.size > 1 ? [options.clusters.get(cluster) ?? cluster] : []),
    ...(options.withNamespace ? [event.namespace] : []),
  ];
  const cells = [...scopes, formatSeen(event, now), event.type, event.reason, nameObject(event)];
  return {
    cells: cells.map((cell) => makeSafe(cell)),
    message: makeSafe(event.message.trim(), { newlines: true }),
    alarming: event.type !== 'Normal',
  };
}

/** kubectl's Age, and for the odd Event that has none of the times it looks at, how long ago it was last seen. */
function formatSeen(event: Event, now: Micros): string {
  const age = formatDescribeAge(event, now);
  return age === '<unknown>' ? formatAge(lastSeen(event), now) : age;
}

function nameObject({ involvedObject: { kind, name } }: Event): string {
  return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function formatHeader(header: readonly string[], widths: readonly number[]): string {
  return `${header.map((title, index) => padToWidth(title, widths[index] ?? 0)).join('')}MESSAGE`;
}

/**
 * How rows become lines: whole on one line where the width is unknown (a pipe); the message wrapped beside the other columns where it has
 * room; below them where it has not.
 */
function chooseLayout(
  widths: readonly number[],
  terminal: number | undefined,
  style: Style,
  typeIndex: number,
): (row: Row) => string[] {
  const left = widths.reduce((sum, width) => sum + width, 0);
  const format = (row: Row) => formatCells(row, widths, style, typeIndex);
  if (terminal === undefined) return (row) => [format(row) + makeSafe(row.message)];
  const room = terminal - left;
  if (room >= NARROWEST_MESSAGE) {
    const margin = ' '.repeat(left);
    return (row) => {
      const [first = '', ...rest] = wrapText(row.message, room, MOST_LINES);
      return [(format(row) + first).trimEnd(), ...rest.map((line) => margin + line)];
    };
  }
  const width = Math.max(20, terminal - BELOW.length);
  return (row) => [
    format(row).trimEnd(),
    ...(row.message === '' ? [] : wrapText(row.message, width, MOST_LINES)).map((line) => BELOW + line),
  ];
}

function formatCells(row: Row, widths: readonly number[], style: Style, typeIndex: number): string {
  return row.cells
    .map((cell, index) => {
      const padding = padToWidth(cell, widths[index] ?? 0).slice(cell.length);
      const loud = row.alarming && (index === typeIndex || index === typeIndex + 1);
      return (loud ? style.yellow(cell) : cell) + padding;
    })
    .join('');
}
