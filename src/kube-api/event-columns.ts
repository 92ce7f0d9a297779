import type { RecordedEvent } from '../events/event.ts';
import { formatFirstSeenAge, formatLastSeenAge } from '../events/event-age.ts';
import { countHappenings } from '../events/occurrences.ts';
import type { Micros } from '../lib/time.ts';

/** A column as clients lay it out: those of priority 0 always, the others when more is wanted. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export type Cell = string | number | null;

function column(name: string, priority: number, description: string, format = ''): Column {
  return { name, type: 'string', format, description, priority };
}

/** The columns of Events. (Kubernetes `pkg/printers/internalversion` eventColumnDefinitions; the descriptions are our own.) */
export const EVENT_COLUMNS: readonly Column[] = [
  column('Last Seen', 0, 'How long ago it happened last.'),
  column('Type', 0, 'Normal, Warning, or whatever its reporter says.'),
  column('Reason', 0, 'Why it happened, in one word for programs.'),
  column('Object', 0, 'The object that it is about.'),
  column('Subobject', 1, 'The part of the object that it is about: spec.containers{web}.'),
  column('Source', 1, 'Who reported it, and where from.'),
  column('Message', 0, 'What happened, in words for people.'),
  column('First Seen', 1, 'How long ago it happened first.'),
  column('Count', 1, 'How often it happened.'),
  column('Name', 1, 'The name of the Event itself.', 'name'),
];

/** The cells of an Event, as an API server fills them. (Kubernetes `pkg/printers/internalversion` printEvent.) */
export function printEventCells({ event, occurrences }: RecordedEvent, now: Micros): Cell[] {
  const { involvedObject: object, source, series } = event;
  const kind = object.kind.toLowerCase();
  const component = source.component || event.reportingController;
  const instance = source.host || event.reportingInstance;
  return [
    formatLastSeenAge(event, now),
    event.type,
    event.reason,
    object.name === '' ? kind : `${kind}/${object.name}`,
    object.fieldPath,
    instance === '' ? component : `${component}, ${instance}`,
    event.message.trim(),
    formatFirstSeenAge(event, now),
    // A series counts from 1 or from 2, as the version has it.
    series === undefined ? event.count || 1 : countHappenings(occurrences),
    event.name,
  ];
}
