import type { RecordedEvent } from '../events/event.ts';
import type { Gap } from '../events/query.ts';
import { idOf } from '../follow/change-reader.ts';
import { formatMicroTime } from '../lib/rfc3339.ts';
import { formatRecord } from '../sources/wire-record.ts';

/** An Event as the API gives it: a line of a Hark export, with its id before. */
export function formatItem(record: RecordedEvent): string {
  return `{"id":${JSON.stringify(idOf(record))},${formatRecord(record).slice(1)}`;
}

export function gapToJson({ cluster, namespace, from, to, caughtUpAt }: Gap) {
  return {
    cluster,
    namespace,
    from: formatMicroTime(from),
    to: formatMicroTime(to),
    caughtUpAt: caughtUpAt === undefined ? null : formatMicroTime(caughtUpAt),
  };
}
