import type { Micros } from '../../lib/time.ts';
import type { Event, RecordedEvent } from '../event.ts';
import { formatFirstSeenAge, formatLastSeenAge } from '../event-age.ts';
import { countHappenings } from '../occurrences.ts';
import { makeCell, type Table } from './table.ts';

/** @param options.now ages are counted from; `wide` and `namespaces` as `-o wide` and `-A` do */
export interface GetEventsOptions {
  readonly now: Micros;
  readonly wide?: boolean;
  readonly namespaces?: boolean;
}

/** The table of `kubectl get events`, in the order given. (Kubernetes `pkg/printers/internalversion` printEvent.) */
export function getEventsTable(records: readonly RecordedEvent[], options: GetEventsOptions): Table {
  const { now, wide = false, namespaces = false } = options;
  const columns = [
    ...(namespaces ? ['NAMESPACE'] : []),
    ...['LAST SEEN', 'TYPE', 'REASON', 'OBJECT'],
    ...(wide ? ['SUBOBJECT', 'SOURCE', 'MESSAGE', 'FIRST SEEN', 'COUNT', 'NAME'] : ['MESSAGE']),
  ];
  return { columns, rows: records.map((record) => makeRow(record, now, wide, namespaces)) };
}

function makeRow(record: RecordedEvent, now: Micros, wide: boolean, namespaces: boolean): string[] {
  const { event } = record;
  const row = namespaces ? [makeCell(event.namespace)] : [];
  row.push(
    formatLastSeenAge(event, now),
    makeCell(event.type),
    makeCell(event.reason),
    makeCell(nameObject(event)),
  );
  if (wide) row.push(makeCell(event.involvedObject.fieldPath), makeCell(nameSource(event)));
  row.push(makeCell(event.message.trim()));
  if (wide) row.push(formatFirstSeenAge(event, now), String(count(record)), makeCell(event.name));
  return row;
}

/** The involved object as `kubectl get events` names it: `pod/podinfo-5d567cc74c-7k7ff`. */
function nameObject({ involvedObject }: Event): string {
  const kind = involvedObject.kind.toLowerCase();
  return involvedObject.name === '' ? kind : `${kind}/${involvedObject.name}`;
}

function nameSource(event: Event): string {
  const component = event.source.component || event.reportingController;
  const instance = event.source.host || event.reportingInstance;
  return instance === '' ? component : `${component}, ${instance}`;
}

function count({ event, occurrences }: RecordedEvent): number {
  return event.series === undefined ? event.count || 1 : countHappenings(occurrences);
}
