import type { RecordedEvent } from '../events/event.ts';
import { firstSeen, formatMicroTime, formatTime, lastSeen } from '../events/event-time.ts';
import { printEvent } from '../events/print-event.ts';
import { formatCsvRow } from '../lib/format-csv.ts';
import { formatJson } from '../lib/format-json.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import type { EventPrinter, PrintOptions } from './event-printer.ts';
import { printText } from './print.ts';

const CSV_HEADER = [
  'cluster',
  'namespace',
  'lastSeen',
  'firstSeen',
  'count',
  'type',
  'reason',
  'kind',
  'object',
  'fieldPath',
  'component',
  'host',
  'message',
  'event',
];

/** The forms that are one line for each Event: `jsonl` (a `v1` Event), `csv` (under a header), `name` (`event/NAME`, as kubectl). */
export function createLinePrinter(form: 'jsonl' | 'csv' | 'name', options: PrintOptions): EventPrinter {
  const formatLine = {
    jsonl: ({ event }: RecordedEvent) => `${formatJson(printEvent(event, 'v1'), 0)}\n`,
    csv: (recorded: RecordedEvent) => formatEventCsv(recorded, options.clusters),
    name: ({ event }: RecordedEvent) => `event/${makeSafe(event.name)}\n`,
  }[form];
  let header = form === 'csv' ? formatCsvRow(CSV_HEADER) : '';
  const print = async (events: readonly RecordedEvent[]) => {
    const text = header + events.map(formatLine).join('');
    header = '';
    if (text !== '') await printText(options.output, text);
  };
  return { print, end: () => print([]) };
}

/** Texts are made safe for a terminal (line feeds stay: CSV quotes them); whole seconds are written without a fraction. */
function formatEventCsv({ cluster, event }: RecordedEvent, clusters: ReadonlyMap<string, string>): string {
  const { involvedObject: object } = event;
  const cells = [
    clusters.get(cluster) ?? cluster,
    event.namespace,
    formatSeenTime(lastSeen(event)),
    formatSeenTime(firstSeen(event)),
    event.series === undefined ? event.count || 1 : event.series.count,
    event.type,
    event.reason,
    object.kind,
    object.name,
    object.fieldPath,
    event.source.component || event.reportingController,
    event.source.host || event.reportingInstance,
    event.message,
    event.name,
  ];
  return formatCsvRow(
    cells.map((cell) => (typeof cell === 'string' ? makeSafe(cell, { newlines: true }) : cell)),
  );
}

function formatSeenTime(time: Micros | undefined): string {
  if (time === undefined) return '';
  return time % SECOND === 0 ? formatTime(time) : formatMicroTime(time);
}
