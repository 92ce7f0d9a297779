import { formatExportHeader, formatExportLine } from '../dumps/hark-export.ts';
import { compareText } from '../events/compare-events.ts';
import type { ClusterInfo, CoverageStretch, EventQuery, EventReader } from '../events/query.ts';
import { joinSpans } from '../store/coverage.ts';

/** What is exported; the reader may be of anything. */
export interface ExportedRecord {
  readonly reader: EventReader;
  readonly clusters: readonly ClusterInfo[];
  readonly coverage: readonly CoverageStretch[];
}

/** What was exported so far. */
export interface ExportCount {
  events: number;
  /** Happenings after an Event's first. */
  repeats: number;
}

/**
 * Writes a record as a Hark export: a header, then a line for each matching Event in time order, with all that is known of it. The same record
 * always gives the same text, and importing it gives the same record.
 *
 * @param count counts along
 * @returns the text in parts, each of whole lines
 */
export async function* exportRecord(
  record: ExportedRecord,
  query: EventQuery,
  count: ExportCount,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const clusters = [...record.clusters].sort((a, b) => compareText(a.uid, b.uid));
  const coverage = clusters.flatMap(({ uid }) =>
    normalise(record.coverage.filter(({ cluster }) => cluster === uid)),
  );
  yield `${formatExportHeader({ clusters, coverage })}\n`;
  for await (const page of record.reader.readEvents(query, signal)) {
    count.events += page.length;
    for (const { points } of page) count.repeats += points.length - 1;
    yield page.map((one) => `${formatExportLine(one)}\n`).join('');
  }
}

/** The same stretches however they were put together. */
function normalise(coverage: readonly CoverageStretch[]): CoverageStretch[] {
  const byNamespace = [...Map.groupBy(coverage, ({ namespace }) => namespace)].sort(([a], [b]) =>
    compareText(a, b),
  );
  return byNamespace.flatMap(([namespace, stretches]) =>
    joinSpans(stretches).map(({ from, to }) => ({
      cluster: stretches[0]?.cluster ?? '',
      namespace,
      from,
      to,
      open: false,
    })),
  );
}
