import type { Event, OccurrencePoint, RecordedEvent } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import { printEvent } from '../events/print-event.ts';
import type { ClusterInfo, CoverageStretch } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { isWireObject, type WireObject } from '../events/wire-form.ts';
import { HarkError } from '../lib/errors.ts';
import { formatMicroTime } from '../lib/rfc3339.ts';
import { asObjects, asText, asTime, badExport } from './hark-export-values.ts';

/** The version of the format: a reader takes this one and older ones. Version 2 added lines of objects and their changes. */
const VERSION = 2;

/** What an export says at its beginning. */
export interface ExportHeader {
  readonly clusters: readonly ClusterInfo[];
  /** Closed stretches: what was covered up to the export. */
  readonly coverage: readonly CoverageStretch[];
}

/**
 * The first line of an export: `{"hark":"export","version":2,"clusters":[{"uid","name","version"}],"coverage":[{"cluster","namespace","from","to"}]}`.
 * It holds no time of its own, so that the same record always gives the same bytes.
 */
export function formatExportHeader(header: ExportHeader): string {
  return JSON.stringify({
    hark: 'export',
    version: VERSION,
    clusters: header.clusters.map(({ uid, name, version }) => ({ uid, name, version })),
    coverage: header.coverage.map(({ cluster, namespace, from, to }) => ({
      cluster,
      namespace,
      from: formatMicroTime(from),
      to: formatMicroTime(to),
    })),
  });
}

/**
 * A line of an export: `{"cluster","event":{…},"points":[{"at","count","series","message"}],"deletedAt"}`, the Event as the API server sent it
 * last (in the form it was heard in), and all that is known of its repeats. A point leaves out `series` when false and `message` when it is the
 * Event's; `deletedAt` is left out when the Event was not deleted.
 */
export function formatExportLine(record: RecordedEvent): string {
  const { cluster, event, points, deletedAt } = record;
  return JSON.stringify({
    cluster,
    event: printEvent(event, event.form),
    points: points.map(({ at, count, series, message }) => ({
      at: formatMicroTime(at),
      count,
      series: series || undefined,
      message: message === event.message ? undefined : message,
    })),
    deletedAt: deletedAt === undefined ? undefined : formatMicroTime(deletedAt),
  });
}

/** @throws HarkError `export-newer` when a newer Hark wrote it */
export function parseExportHeader(header: WireObject): ExportHeader {
  const { version } = header;
  if (!Number.isInteger(version) || Number(version) < 1 || Number(version) > VERSION)
    throw new HarkError(
      'export-newer',
      `cannot read a Hark export of format ${JSON.stringify(version)}: this Hark reads formats 1 to ${VERSION}`,
      { hint: 'Read it with the version of Hark that wrote it, or a newer one.' },
    );
  return {
    clusters: asObjects(header.clusters).map(({ uid, name, version }) => ({
      uid: asText(uid),
      name: asText(name),
      version: asText(version),
    })),
    coverage: asObjects(header.coverage).map(({ cluster, namespace, from, to }) => ({
      cluster: asText(cluster),
      namespace: asText(namespace),
      from: asTime(from),
      to: asTime(to),
      open: false,
    })),
  };
}

export function isExportLine(value: WireObject): boolean {
  return isWireObject(value.event) && Array.isArray(value.points);
}

/**
 * The sighting that leaves the very record behind of which the line was made.
 *
 * @throws HarkError `not-an-event`, `bad-export`
 */
export function parseExportLine(line: WireObject): { readonly cluster: string; readonly sighting: Sighting } {
  const event = parseEvent(line.event);
  const deletedAt = line.deletedAt === undefined ? undefined : asTime(line.deletedAt);
  const points = asObjects(line.points).map((point) => parsePoint(point, event));
  const at = deletedAt ?? points.at(-1)?.at ?? 0;
  return { cluster: asText(line.cluster), sighting: { event, deleted: deletedAt !== undefined, at, points } };
}

function parsePoint(point: WireObject, event: Event): OccurrencePoint {
  const { at, count, series, message = event.message } = point;
  if (!Number.isSafeInteger(count)) throw badExport('count', count);
  return { at: asTime(at), count: count as number, series: series === true, message: asText(message) };
}
