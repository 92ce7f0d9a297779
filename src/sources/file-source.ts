import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { assignCluster, UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import type { CollectOptions } from '../dumps/collect-values.ts';
import { type DumpBatch, type DumpSummary, startSummary } from '../dumps/dump.ts';
import { type DumpInput, readDump } from '../dumps/read-dump.ts';
import { checkSummary, tellSummary } from '../dumps/tell-summary.ts';
import { createMemoryReader, type MemoryReader } from '../events/memory-reader.ts';
import { makeRecord } from '../events/merge-records.ts';
import { mergePoints, pointOf } from '../events/occurrences.ts';
import type { ClusterInfo, CoverageStretch, EventReader } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { HarkError } from '../lib/errors.ts';
import type { Change } from '../objects/change.ts';
import { createObjectMemory, type ObjectMemory } from '../objects/memory-objects.ts';
import { type LearnedObject, openObjectHistory } from '../objects/object-history.ts';
import type { ObjectReader } from '../objects/object-query.ts';
import { findAllGaps } from '../store/coverage.ts';
import { joinReaders } from './join-readers.ts';
import type { SourceContext, SourceOptions, SourceWants } from './open-source.ts';
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
  wants: SourceWants = {},
): Promise<Source> {
  const input = openInput(from, context);
  const { reader, objects, notes } = await loadFile(input, from, context.signal, wants);
  return {
    kind: 'file',
    name: from,
    reader,
    objects,
    scope: scopeNamespaces(options, undefined),
    cluster: undefined,
    elsewhere: [],
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

/** What is wanted of a file; see `readDump`. */
export type FileWants = SourceWants & Pick<CollectOptions, 'lastStates'>;

/** A file or dump in memory. */
export interface LoadedFile {
  readonly reader: EventReader;
  readonly objects: ObjectReader;
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
export async function loadFile(
  input: DumpInput,
  name: string,
  signal: AbortSignal,
  wants: FileWants = {},
): Promise<LoadedFile> {
  const reading = { input, name, signal, wants };
  const first = await readInto(reading, []);
  const uids = new Set(first.summary.clusters.map(({ uid }) => uid));
  // Rare: only now is it known which files belong together.
  const isMixed = uids.size > 1 && input.bytes === undefined;
  const { reader, objects, summary, coverage } = isMixed
    ? await readInto(reading, first.summary.clusters)
    : first;
  checkSummary(name, summary);
  return { reader, objects, coverage, notes: tellSummary(name, summary, wants) };
}

interface Reading {
  readonly input: DumpInput;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly wants: FileWants;
}

interface ReadFile {
  readonly reader: EventReader;
  readonly objects: ObjectReader;
  readonly summary: DumpSummary;
  readonly coverage: readonly CoverageStretch[];
}

/** @param found the clusters of a dump that holds several; empty when they are not known yet */
async function readInto(
  { input, name, signal, wants }: Reading,
  found: DumpSummary['clusters'],
): Promise<ReadFile> {
  const summary = startSummary();
  const coverage: CoverageStretch[] = [];
  const readers = new Map<string, MemoryReader>();
  const infos = new Map<string, { -readonly [Key in keyof ClusterInfo]: ClusterInfo[Key] }>();

  function readerOf(batch: DumpBatch): { readonly reader: MemoryReader; readonly info: ClusterInfo } {
    const uid = batch.cluster?.uid ?? assignCluster(batch.file, found) ?? '';
    const info = infos.get(uid) ?? { uid, name: batch.cluster?.name || name, version: '' };
    const reader = readers.get(uid) ?? createMemoryReader(info);
    infos.set(uid, info);
    readers.set(uid, reader);
    return { reader, info };
  }

  const learned: { readonly cluster: ClusterInfo; readonly known: LearnedObject }[] = [];
  const exported: Pick<DumpBatch, 'states' | 'lastStates' | 'changes'>[] = [];
  const history = openObjectHistory();
  for await (const batch of readDump(input, { summary, signal, ...wants })) {
    coverage.push(...batch.coverage);
    if (batch.states.length + batch.lastStates.length + batch.changes.length > 0) exported.push(batch);
    if (batch.sightings.length + batch.objects.length === 0 && batch.cluster === undefined) continue;
    const { reader, info } = readerOf(batch);
    for (const sighting of batch.objects) {
      const known = history.see(sighting, info.uid);
      if (known !== undefined) learned.push({ cluster: info, known });
    }
    for (const sighting of batch.sightings) addSighting(reader, sighting);
  }
  const told = infos.get('');
  if (told !== undefined) {
    told.uid = summary.clusters[0]?.uid ?? UNKNOWN_CLUSTER.uid;
    told.version = summary.version;
  }
  const objects = createObjectMemory();
  for (const { cluster, known } of learned) remember(objects, known, cluster.uid);
  for (const { states, lastStates, changes } of exported) {
    states.forEach(objects.addObject);
    lastStates.forEach(objects.addLastState);
    changes.forEach(objects.addChange);
  }
  for (const [read, { uid }] of infos)
    for (const change of history.conclude(read)) rememberChange(objects, change, uid);
  return { reader: withCoverage(joinReaders([...readers.values()]), coverage), objects, summary, coverage };
}

/** @param cluster its uid, which a file may tell only at its end */
function remember(memory: ObjectMemory, { object, changes }: LearnedObject, cluster: string): void {
  memory.addObject({ ...object, cluster });
  for (const change of changes) rememberChange(memory, change, cluster);
}

function rememberChange(memory: ObjectMemory, change: Change, cluster: string): void {
  memory.addChange({ ...change, object: { ...change.object, cluster } });
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
