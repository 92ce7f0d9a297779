import type { Event, RecordedEvent } from '../events/event.ts';
import { formatAge, formatDescribeAge } from '../events/event-age.ts';
import { lastSeen } from '../events/event-time.ts';
import { createStyle } from '../lib/ansi-style.ts';
import { makeSafe } from '../lib/safe-text.ts';
import type { Micros } from '../lib/time.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { createColumns } from './grow-columns.ts';
import { chooseLayout, type Row } from './lay-out-rows.ts';
import { pageRows } from './page-rows.ts';
import { printText } from './print.ts';

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
    const layout = chooseLayout(columns.widths, options.output.columns, style);
    const head = headed ? [] : [style.dim(layout.titles([...header, 'MESSAGE']))];
    headed = true;
    await printText(options.output, `${[...head, ...rows.flatMap(layout.lines)].join('\n')}\n`);
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
