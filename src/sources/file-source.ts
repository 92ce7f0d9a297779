import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { assignCluster, UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import { type DumpBatch, type DumpSummary, startSummary } from '../dumps/dump.ts';
import { type DumpInput, readDump } from '../dumps/read-dump.ts';
import { checkSummary, tellSummary } from '../dumps/tell-summary.ts';
import { createMemoryReader, type MemoryReader } from '../events/memory-reader.ts';
import { makeRecord } from '../events/merge-records.ts';
import { mergePoints, pointOf } from '../events/occurrences.ts';
import type { ClusterInfo, CoverageStretch, EventReader } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { HarkError } from '../lib/errors.ts';
import { findAllGaps } from '../store/coverage.ts';
import { joinReaders } from './join-readers.ts';
import type { SourceContext, SourceOptions } from './open-source.ts';
import { scopeNamespaces } from './scope-namespaces.ts';
import type { Source } from './source.ts';

/**
 * Reads a file or dump, whatever its format, into memory.
 *
 * @throws HarkError as `readDump` and `checkSummary` do; `usage` when stdin is a terminal
 */
export async function openFileSource(
  context: SourceContext,
  from: string,
  options: SourceOptions,
): Promise<Source> {
  const input = openInput(from, context);
  const { reader, notes } = await loadFile(input, from, context.signal);
  return {
    kind: 'file',
    name: from,
    reader,
    scope: scopeNamespaces(options, undefined),
    cluster: undefined,
    notes,
    follow() {
      throw new HarkError('not-followable', `cannot follow "${from}": nothing more will happen in a file`, {
        hint: `Leave -w away, or play it: hark replay ${from}`,
      });
    },
  };
}

/**
 * The input that a path names; `-` is stdin.
 *
 * @throws HarkError `usage` when stdin is a terminal
 */
export function openInput(
  from: string,
  context: { readonly stdin: Readable; readonly cwd: string },
): DumpInput {
  if (from !== '-') return { path: resolve(context.cwd, from) };
  if ('isTTY' in context.stdin && context.stdin.isTTY === true)
    throw new HarkError('usage', 'cannot read Events from "-": standard input is a terminal', {
      hint: 'Pipe something into it: kubectl get events -A -o json | hark events --from -',
    });
  return { path: '-', bytes: context.stdin as AsyncIterable<Uint8Array> };
}

/** A file or dump in memory. */
export interface LoadedFile {
  readonly reader: EventReader;
  /** When somebody was listening, as a Hark export tells; empty for other files. */
  readonly coverage: readonly CoverageStretch[];
  /** What a person should know of how it was read. */
  readonly notes: readonly string[];
}

/**
 * Reads a file or dump into memory.
 *
 * @param name what a person calls it
 * @throws HarkError as `readDump` and `checkSummary` do
 */
export async function loadFile(input: DumpInput, name: string, signal: AbortSignal): Promise<LoadedFile> {
  const first = await readInto(input, name, signal, []);
  const uids = new Set(first.summary.clusters.map(({ uid }) => uid));
  // Rare: only now is it known which files belong together.
  const isMixed = uids.size > 1 && input.bytes === undefined;
  const { reader, summary, coverage } = isMixed
    ? await readInto(input, name, signal, first.summary.clusters)
    : first;
  checkSummary(name, summary);
  return { reader, coverage, notes: tellSummary(name, summary) };
}

interface ReadFile {
  readonly reader: EventReader;
  readonly summary: DumpSummary;
  readonly coverage: readonly CoverageStretch[];
}

/** @param found the clusters of a dump that holds several; empty when they are not known yet */
async function readInto(
  input: DumpInput,
  name: string,
  signal: AbortSignal,
  found: DumpSummary['clusters'],
): Promise<ReadFile> {
  const summary = startSummary();
  const coverage: CoverageStretch[] = [];
  const readers = new Map<string, MemoryReader>();
  const infos = new Map<string, { -readonly [Key in keyof ClusterInfo]: ClusterInfo[Key] }>();

  function readerOf(batch: DumpBatch): MemoryReader {
    const uid = batch.cluster?.uid ?? assignCluster(batch.file, found) ?? '';
    const info = infos.get(uid) ?? { uid, name: batch.cluster?.name || name, version: '' };
    const reader = readers.get(uid) ?? createMemoryReader(info);
    infos.set(uid, info);
    readers.set(uid, reader);
    return reader;
  }

  for await (const batch of readDump(input, { summary, signal })) {
    coverage.push(...batch.coverage);
    if (batch.sightings.length === 0 && batch.cluster === undefined) continue;
    const reader = readerOf(batch);
    for (const sighting of batch.sightings) addSighting(reader, sighting);
  }
  const told = infos.get('');
  if (told !== undefined) {
    told.uid = summary.clusters[0]?.uid ?? UNKNOWN_CLUSTER.uid;
    told.version = summary.version;
  }
  return { reader: withCoverage(joinReaders([...readers.values()]), coverage), summary, coverage };
}

function addSighting(reader: MemoryReader, sighting: Sighting): void {
  const { event, deleted, at, points } = sighting;
  if (points === undefined) reader.add(sighting);
  else
    reader.addRecord(makeRecord('', event, deleted ? at : undefined, mergePoints(points, [pointOf(event)])));
}

/** A Hark export tells when nobody was listening; other files do not. */
function withCoverage(reader: EventReader, coverage: readonly CoverageStretch[]): EventReader {
  return coverage.length === 0
    ? reader
    : { ...reader, readGaps: async (query) => findAllGaps(coverage, query) };
}
