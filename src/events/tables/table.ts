import { alignColumns, type Layout } from '../../lib/align-columns.ts';
import { makeSafe } from '../../lib/safe-text.ts';

/** Headings and cells, ready to be printed: what the terminal's table, CSV and tests share. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How `kubectl get` and `kubectl events` lay out their tables. (k8s.io/cli-runtime `pkg/printers` GetNewTabWriter.) */
const GET_LAYOUT: Layout = { padding: 3, minWidth: 6 };

/** The lines of a table as kubectl prints it: headings, then rows; no line feeds. */
export function formatTable(table: Table, options: { readonly headings?: boolean } = {}): Iterable<string> {
  const rows = options.headings === false ? table.rows : [table.columns, ...table.rows];
  return alignColumns(rows, GET_LAYOUT);
}

/** A cell of a table: cut at its first line break as kubectl does, made safe for a terminal. */
export function makeCell(text: string): string {
  const end = text.search(/[\n\r\f]/);
  return makeSafe(end < 0 ? text : `${text.slice(0, end)}...`);
}
