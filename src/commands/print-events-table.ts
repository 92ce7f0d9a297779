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
    const room = roomBeside(columns.widths, options.output.columns);
    const layOut = chooseLayout(columns.widths, room, options.output.columns, style, header.length - 3);
    const titles = room === 0 ? header : [...header, 'MESSAGE'];
    const head = headed ? [] : [style.dim(formatTitles(titles, columns.widths))];
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

function formatTitles(titles: readonly string[], widths: readonly number[]): string {
  return titles
    .map((title, index) => padToWidth(title, widths[index] ?? 0))
    .join('')
    .trimEnd();
}

/** The columns that a message gets beside the others: any number in a pipe, none where it has to go below them. */
function roomBeside(widths: readonly number[], terminal: number | undefined): number {
  if (terminal === undefined) return Number.POSITIVE_INFINITY;
  const room = terminal - widths.reduce((sum, width) => sum + width, 0);
  return room >= NARROWEST_MESSAGE ? room : 0;
}

/** How rows become lines: whole on one line in a pipe; on a terminal, the message wrapped beside the other columns, or below them. */
function chooseLayout(
  widths: readonly number[],
  room: number,
  terminal: number | undefined,
  style: Style,
  typeIndex: number,
): (row: Row) => string[] {
  const format = (row: Row) => formatCells(row, widths, style, typeIndex);
  if (terminal === undefined) return (row) => [format(row) + makeSafe(row.message)];
  if (room > 0) {
    const margin = ' '.repeat(terminal - room);
    return (row) => {
      const [first = '', ...rest] = wrapText(row.message, room, MOST_LINES);
      return [(format(row) + first).trimEnd(), ...rest.map((line) => margin + line)];
    };
  }
  const width = Math.max(NARROWEST_MESSAGE, terminal) - BELOW.length;
  return (row) => {
    const lines = row.message === '' ? [] : wrapText(row.message, width, MOST_LINES);
    return [format(row).trimEnd(), ...lines.map((line) => BELOW + line)];
  };
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
