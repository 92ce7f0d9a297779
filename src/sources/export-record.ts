import { formatExportHeader, formatExportLine } from '../dumps/hark-export.ts';
import { formatChangeLine, formatLastStateLine, formatStateLine } from '../dumps/hark-export-objects.ts';
import { compareText } from '../events/compare-events.ts';
import type { ClusterInfo, CoverageStretch, EventQuery, EventReader } from '../events/query.ts';
import type { LastState } from '../objects/last-state.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { ObjectQuery, ObjectReader } from '../objects/object-query.ts';
import { textAt } from '../objects/raw-object.ts';
import { joinSpans } from '../store/coverage.ts';

/** What is exported; the reader may be of anything. */
export interface ExportedRecord {
  readonly reader: EventReader;
  readonly objects: ObjectReader;
  readonly clusters: readonly ClusterInfo[];
  readonly coverage: readonly CoverageStretch[];
}

/** What was exported so far. */
export interface ExportCount {
  events: number;
  /** Happenings after an Event's first. */
  repeats: number;
  objects: number;
  /** What happened to objects. */
  changes: number;
}

export function startCount(): ExportCount {
  return { events: 0, repeats: 0, objects: 0, changes: 0 };
}

/**
 * Writes a record as a Hark export: a header, a line for each object, one for what each was last where that is kept, one for each matching Event in time order, with all that is known of it, and
 * one for each change in time order. A question that asks for Events only (of a type, with some words…) is answered without objects and changes. The
 * same record always gives the same text, and importing it gives the same record.
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
  const asked = askForObjects(query);
  if (asked !== undefined) {
    const objects = await readSorted(record.objects, asked, signal);
    count.objects = objects.length;
    for (let at = 0; at < objects.length; at += PAGE)
      yield objects
        .slice(at, at + PAGE)
        .map((one) => `${formatStateLine(one)}\n`)
        .join('');
    for (const state of await readLastStates(record.objects, asked, signal))
      yield `${formatLastStateLine(state)}\n`;
  }
  for await (const page of record.reader.readEvents(query, signal)) {
    count.events += page.length;
    for (const { points } of page) count.repeats += points.length - 1;
    yield page.map((one) => `${formatExportLine(one)}\n`).join('');
  }
  if (asked === undefined) return;
  for await (const page of record.objects.readChanges(asked, signal)) {
    count.changes += page.length;
    yield page.map((one) => `${formatChangeLine(one)}\n`).join('');
  }
}

const PAGE = 1_000;

/** The same question about objects and changes; undefined when it is about what only Events have. */
function askForObjects(query: EventQuery): ObjectQuery | undefined {
  const { types, reasons, components, grep, text, limit, lastUntil, ...asked } = query;
  const isOfEvents = [types, reasons, components, grep, text, limit, lastUntil].some(
    (one) => one !== undefined,
  );
  return isOfEvents ? undefined : asked;
}

async function readSorted(
  reader: ObjectReader,
  query: ObjectQuery,
  signal: AbortSignal,
): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  for await (const page of reader.readObjects(query, signal)) objects.push(...page);
  return objects.sort(
    (a, b) =>
      compareText(a.cluster, b.cluster) ||
      compareText(a.kind, b.kind) ||
      compareText(a.namespace, b.namespace) ||
      compareText(a.name, b.name) ||
      compareText(a.uid, b.uid),
  );
}

async function readLastStates(
  reader: ObjectReader,
  query: ObjectQuery,
  signal: AbortSignal,
): Promise<LastState[]> {
  const states: LastState[] = [];
  for await (const page of reader.readLastStates?.(query, signal) ?? []) states.push(...page);
  const uidOf = ({ object }: LastState) => textAt(object, 'metadata', 'uid');
  return states.sort((a, b) => compareText(a.cluster, b.cluster) || compareText(uidOf(a), uidOf(b)));
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
