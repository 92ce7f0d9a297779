import { getEventsTable } from '../events/tables/get-events-table.ts';
import { padToWidth } from '../lib/display-width.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { createColumns } from './grow-columns.ts';
import { pageRows } from './page-rows.ts';
import { printText } from './print.ts';

/** The table of `kubectl get events -o wide`, its layout included. */
export function createWidePrinter(options: PrintOptions): EventPrinter {
  const columns = createColumns({ padding: 3, minWidth: 6 });
  let headed = false;
  return pageRows(options.endless, async (events) => {
    const table = getEventsTable(events, {
      now: options.now(),
      wide: true,
      namespaces: options.withNamespace,
    });
    const rows = headed ? table.rows : [table.columns, ...table.rows];
    headed = true;
    columns.grow(rows);
    const lines = rows.map((row) => {
      const last = row.length - 1;
      return row
        .map((cell, index) => (index === last ? cell : padToWidth(cell, columns.widths[index] ?? 0)))
        .join('');
    });
    await printText(options.output, `${lines.join('\n')}\n`);
  });
}
