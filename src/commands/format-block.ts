import type { RecordedEvent } from '../events/event.ts';
import { describeTable, formatDescribeRows } from '../events/tables/describe-table.ts';
import { createStyle } from '../lib/ansi-style.ts';
import { displayWidth } from '../lib/display-width.ts';
import type { Micros } from '../lib/time.ts';
import { wrapText } from '../lib/wrap-text.ts';
import { spreadMessages } from './spread-messages.ts';

/** `Events:`, the headings, the dashes. */
const HEADING_ROWS = 3;
/** A message that would get fewer columns goes on further left. */
const NARROWEST_MESSAGE = 40;
const FURTHER_LEFT = 6;
/** Where not even so much of it fits beside the other columns, the terminal breaks the lines itself. */
const NARROWEST_BEGINNING = 10;

export interface BlockOptions {
  readonly now: Micros;
  /** With the path of the container before the message, as kubectl does since 1.35. */
  readonly fieldPath: boolean;
  readonly color: boolean;
  /** Columns of the terminal; undefined for a pipe. */
  readonly columns: number | undefined;
}

/**
 * The `Events:` block of `kubectl describe`, kubectl's bytes in a pipe. On a terminal a long message goes on below its own beginning, and
 * what is no Normal is coloured.
 */
export function formatBlock(records: readonly RecordedEvent[], options: BlockOptions): string {
  const { now, fieldPath, color, columns } = options;
  const table = describeTable(spreadMessages(records), { now, fieldPath });
  const texts = formatDescribeRows(table);
  const margin = displayWidth(texts[1] ?? '') - displayWidth(table.columns.at(-1) ?? '');
  const { yellow } = createStyle(color);
  const rows = table.rows.map((row, index) => {
    const [type = '', message = ''] = [row[0], row.at(-1)];
    const line = wrapLine(texts[index + HEADING_ROWS] ?? '', message, margin, columns);
    return type === 'Normal' || type === '' ? line : line.replace(type, yellow);
  });
  return [...texts.slice(0, HEADING_ROWS), ...rows].join('\n');
}

/** The message goes on below its beginning where there is room, else further left. */
function wrapLine(line: string, message: string, margin: number, columns: number | undefined): string {
  const room = (columns ?? 0) - margin;
  if (columns === undefined || room < NARROWEST_BEGINNING) return line;
  const before = (line.split('\n')[0] ?? '').slice(0, -(message.split('\n')[0] ?? '').length || undefined);
  const [first = '', ...others] = wrapText(message, room);
  if (others.length === 0 || room >= NARROWEST_MESSAGE)
    return [before + first, ...others].join(`\n${' '.repeat(margin)}`);
  const rest = message.slice(first.length).trimStart();
  return [before + first, ...wrapText(rest, columns - FURTHER_LEFT)].join(`\n${' '.repeat(FURTHER_LEFT)}`);
}
