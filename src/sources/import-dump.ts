import { basename } from 'node:path';
import { assignCluster, nameCluster, UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import { type DumpBatch, type DumpSummary, type FoundCluster, startSummary } from '../dumps/dump.ts';
import { type DumpInput, readDump } from '../dumps/read-dump.ts';
import { checkSummary } from '../dumps/tell-summary.ts';
import type { ClusterInfo } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import { joinSpans } from '../store/coverage.ts';
import type { CoverageStep, Store } from '../store/store.ts';

/** Sightings that are committed together. */
const BATCH = 2_000;

export interface ImportOptions {
  /** What the dump is called. */
  readonly name: string;
  /** The cluster it is of, by name or UID, where it does not tell, or tells wrongly; undefined: what it tells. */
  readonly cluster: string | undefined;
  /** Only Events of this namespace; undefined: all. */
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
  /** Called after each commit with the number of sightings that were taken in so far. */
  readonly onProgress: (sightings: number) => void;
}

/** What an import did to a store. */
export interface ImportTotal {
  /** Events not known before. */
  readonly added: number;
  /** Repeats not known before, those of added Events included. */
  readonly repeats: number;
  /** Sightings that told a later state or a deletion of a known Event, but no repeat. */
  readonly updated: number;
  /** Sightings that told nothing new. */
  readonly unchanged: number;
}

export interface ImportResult {
  readonly total: ImportTotal;
  readonly summary: DumpSummary;
  /** The clusters that Events were filed under. */
  readonly clusters: readonly ClusterInfo[];
}

/**
 * Puts a dump into a store, a batch at a time, each committed whole or not at all. Doing it again changes nothing.
 *
 * A dump that tells its cluster only after its Events is read twice; of stdin, that cluster is unknown.
 *
 * @throws HarkError as `readDump` and `checkSummary` do, and of the store
 */
export async function importDump(
  input: DumpInput,
  store: Store,
  options: ImportOptions,
): Promise<ImportResult> {
  const { name, signal } = options;
  const held = await store.readClusters();
  const found =
    options.cluster === undefined && input.bytes === undefined ? await findClusters(input, signal) : [];
  const summary = startSummary();
  const clusters = new Map<string, ClusterInfo>();
  const waiting = new Map<string, Sighting[]>();
  const before = await store.readSize();
  let [taken, updated, unchanged] = [0, 0, 0];

  /** The cluster, under the best name that is known for it. */
  function resolveCluster(batch: DumpBatch): ClusterInfo {
    const told =
      options.cluster === undefined
        ? (batch.cluster ??
          tellCluster(assignCluster(batch.file, found.length > 0 ? found : summary.clusters)))
        : nameHeld(options.cluster, held);
    const known = clusters.get(told.uid) ?? held.find(({ uid }) => uid === told.uid);
    const cluster = {
      uid: told.uid,
      name: told.name || known?.name || basename(name),
      version: told.version || known?.version || summary.version,
    };
    clusters.set(told.uid, cluster);
    return cluster;
  }

  async function commit(
    cluster: ClusterInfo,
    sightings: readonly Sighting[],
    coverage: readonly CoverageStep[],
  ) {
    const result = await store.write({ cluster, sightings, coverage });
    updated += result.changed;
    unchanged += result.unchanged;
    taken += sightings.length;
    options.onProgress(taken);
  }

  async function commitWaiting(atLeast: number): Promise<void> {
    for (const [uid, sightings] of waiting) {
      const cluster = clusters.get(uid);
      if (cluster === undefined || sightings.length < atLeast) continue;
      await commit(cluster, sightings.splice(0), []);
    }
  }

  for await (const batch of readDump(input, { summary, signal })) {
    const cluster = resolveCluster(batch);
    const sightings = batch.sightings.filter(
      ({ event }) => options.namespace === undefined || event.namespace === options.namespace,
    );
    waiting.set(cluster.uid, [...(waiting.get(cluster.uid) ?? []), ...sightings]);
    const coverage = await findNewCoverage(store, cluster, batch);
    if (coverage.length > 0) await commit(cluster, [], coverage);
    await commitWaiting(BATCH);
  }
  await commitWaiting(1);
  checkSummary(name, summary);
  const after = await store.readSize();
  const added = after.events - before.events;
  const repeats = after.occurrences - before.occurrences - added;
  return { total: { added, repeats, updated, unchanged }, summary, clusters: [...clusters.values()] };
}

/** Reads a dump for nothing but what it tells of its clusters. */
async function findClusters(input: DumpInput, signal: AbortSignal): Promise<readonly FoundCluster[]> {
  const summary = startSummary();
  for await (const batch of readDump(input, { summary, signal, clustersOnly: true }))
    if (batch.cluster !== undefined) break;
  return summary.clusters;
}

function tellCluster(uid: string | undefined): ClusterInfo {
  return uid === undefined ? UNKNOWN_CLUSTER : { uid, name: '', version: '' };
}

function nameHeld(name: string, held: readonly ClusterInfo[]): ClusterInfo {
  return held.find((cluster) => cluster.uid === name || cluster.name === name) ?? nameCluster(name);
}

/** Coverage that an export tells of and the store does not have yet. */
async function findNewCoverage(
  store: Store,
  cluster: ClusterInfo,
  batch: DumpBatch,
): Promise<CoverageStep[]> {
  if (batch.coverage.length === 0) return [];
  const known = await store.readCoverage(cluster.uid);
  return batch.coverage
    .filter(({ namespace, from, to }) => {
      const spans = joinSpans(known.filter((stretch) => stretch.namespace === namespace));
      return !spans.some((span) => span.from <= from && span.to >= to);
    })
    .map(({ namespace, from, to }) => ({ namespace, from, to, close: true }));
}
