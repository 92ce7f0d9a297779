import { alignColumns, type Layout, measure } from '../../lib/align-columns.ts';
import { makeSafe } from '../../lib/safe-text.ts';
import type { Micros } from '../../lib/time.ts';
import type { Event, RecordedEvent } from '../event.ts';
import { formatDescribeAge } from '../event-age.ts';
import { makeCell, type Table } from './table.ts';

/** How `kubectl describe` lays out its text. (kubectl `pkg/describe` tabbedString.) */
const LAYOUT: Layout = { padding: 2, minWidth: 0 };
const INDENT = '  ';
const DASHES = ['----', '------', '----', '----', '-------'];

/** @param options.now ages are counted from; `fieldPath` puts the container before the message, as kubectl does since 1.35 */
export interface DescribeOptions {
  readonly now: Micros;
  readonly fieldPath?: boolean;
}

/** The Events of `kubectl describe`, in the order given. (kubectl `pkg/describe` DescribeEvents.) A message may hold line feeds. */
export function describeTable(records: readonly RecordedEvent[], options: DescribeOptions): Table {
  const rows = records.map(({ event }) => [
    makeCell(event.type),
    makeCell(event.reason),
    formatDescribeAge(event, options.now),
    makeCell(event.source.component || event.reportingController),
    makeSafe(describeMessage(event, options.fieldPath ?? false), { newlines: true }),
  ]);
  return { columns: ['Type', 'Reason', 'Age', 'From', 'Message'], rows };
}

/**
 * The lines of the `Events:` block of `kubectl describe`; no line feeds. Further lines of a message go under its first one, where kubectl
 * starts them at the left: nobody's message can look like a row of its own.
 */
export function formatDescribeTable(table: Table): string[] {
  return formatDescribeRows(table).flatMap((row) => row.split('\n'));
}

/** The same, a row of the table being one text however many lines it has: `Events:`, the headings, the dashes, then the rows. */
export function formatDescribeRows(table: Table): string[] {
  if (table.rows.length === 0) return ['Events:  <none>'];
  const rows = [table.columns, DASHES, ...table.rows];
  const hanging = INDENT + ' '.repeat(measure(rows, LAYOUT).reduce((sum, width) => sum + width, 0));
  const lines = [...alignColumns(rows, LAYOUT)];
  return ['Events:', ...lines.map((line) => (INDENT + line).replaceAll('\n', `\n${hanging}`))];
}

function describeMessage(event: Event, withFieldPath: boolean): string {
  const message = event.message.trim();
  const { fieldPath } = event.involvedObject;
  return withFieldPath && fieldPath !== '' ? `${fieldPath}: ${message}` : message;
}
