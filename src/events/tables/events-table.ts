import type { Micros } from '../../lib/time.ts';
import type { RecordedEvent } from '../event.ts';
import { formatDescribeAge } from '../event-age.ts';
import { makeCell, type Table } from './table.ts';

/** The table of `kubectl events`, in the order given. (kubectl `pkg/cmd/events` EventPrinter.) */
export function eventsTable(
  records: readonly RecordedEvent[],
  options: { readonly now: Micros; readonly namespaces?: boolean },
): Table {
  const { now, namespaces = false } = options;
  const columns = [...(namespaces ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  const rows = records.map(({ event }) => {
    const object = `${makeCell(event.involvedObject.kind)}/${makeCell(event.involvedObject.name)}`;
    const row = [
      formatDescribeAge(event, now),
      makeCell(event.type),
      makeCell(event.reason),
      object,
      makeCell(event.message.trim()),
    ];
    return namespaces ? [makeCell(event.namespace), ...row] : row;
  });
  return { columns, rows };
}
