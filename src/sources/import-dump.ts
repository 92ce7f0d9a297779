import { basename } from 'node:path';
import { assignCluster, nameCluster, UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import { type DumpBatch, type DumpSummary, type FoundCluster, startSummary } from '../dumps/dump.ts';
import { type DumpInput, readDump } from '../dumps/read-dump.ts';
import { checkSummary } from '../dumps/tell-summary.ts';
import type { ClusterInfo } from '../events/query.ts';
import type { Sighting } from '../events/sighting.ts';
import type { Change } from '../objects/change.ts';
import type { LastState } from '../objects/last-state.ts';
import type { KubernetesObject, ObjectId } from '../objects/object.ts';
import { openObjectHistory } from '../objects/object-history.ts';
import { readObjectId } from '../objects/read-object.ts';
import { joinSpans } from '../store/coverage.ts';
import type { CoverageStep, Store } from '../store/store.ts';

/** Sightings, objects and changes that are committed together. */
const BATCH = 2_000;

export interface ImportOptions {
  /** What the dump is called. */
  readonly name: string;
  /** The cluster it is of, by name or UID, where it does not tell, or tells wrongly; undefined: what it tells. */
  readonly cluster: string | undefined;
  /** Only Events and objects of this namespace, and objects that have none; undefined: all. */
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
  /** Objects not known before. */
  readonly objects: number;
  /** Changes of objects not known before. */
  readonly changes: number;
}

export interface ImportResult {
  readonly total: ImportTotal;
  readonly summary: DumpSummary;
  /** Objects and changes that the dump told of, known ones too. */
  readonly told: number;
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
  const summary = startSummary();
  const before = await store.readSize();
  const clusters = await resolveClusters(input, store, summary, options);
  const writer = writeBatched(store, options.onProgress);
  const learner = createLearner(options.namespace);
  const wanted = { summary, signal: options.signal, objects: true, lastStates: true };
  for await (const batch of readDump(input, wanted)) {
    const cluster = clusters.of(batch);
    const coverage = await findNewCoverage(store, cluster, batch);
    const sightings = batch.sightings.filter(
      ({ event }) => options.namespace === undefined || event.namespace === options.namespace,
    );
    const told = learner.learn(batch, cluster.uid);
    const isOfCluster = batch.cluster !== undefined || batch.sightings.length > 0 || told.objects.length > 0;
    const isAllElsewhere = batch.sightings.length > 0 && sightings.length + told.objects.length === 0;
    if (isOfCluster && !isAllElsewhere) await writer.add(cluster, { sightings, ...told }, coverage);
  }
  for (const cluster of clusters.all()) {
    const changes = learner.conclude(cluster.uid);
    if (changes.length > 0) await writer.add(cluster, { ...NOTHING, changes }, []);
  }
  const { updated, unchanged, told } = await writer.end();
  checkSummary(options.name, summary);
  const after = await store.readSize();
  const added = after.events - before.events;
  const repeats = after.occurrences - before.occurrences - added;
  const [objects, changes] = [after.objects - before.objects, after.changes - before.changes];
  return {
    total: { added, repeats, updated, unchanged, objects, changes },
    summary,
    told,
    clusters: clusters.all(),
  };
}

/** What a part of a dump tells. */
interface Told {
  readonly sightings: readonly Sighting[];
  readonly objects: readonly KubernetesObject[];
  readonly changes: readonly Change[];
  readonly lastStates: readonly LastState[];
}

/** Learns from a dump's objects what is known of them and what happened to them, as if they had been heard of one after the other. */
function createLearner(namespace: string | undefined) {
  const history = openObjectHistory();
  const isWanted = (id: ObjectId) =>
    namespace === undefined || id.namespace === '' || id.namespace === namespace;
  return {
    learn(batch: DumpBatch, cluster: string): Omit<Told, 'sightings'> {
      const objects = batch.states.map((state) => ({ ...state, cluster }));
      const lastStates = batch.lastStates.map((state) => ({ ...state, cluster }));
      const changes = batch.changes.map((change) => ({ ...change, object: { ...change.object, cluster } }));
      for (const sighting of batch.objects) {
        const learned = history.see(sighting, cluster);
        // A manifest that was never on a cluster has no uid.
        if (learned === undefined || learned.object.uid === '') continue;
        objects.push(learned.object);
        changes.push(...learned.changes);
      }
      return {
        objects: objects.filter(isWanted),
        changes: changes.filter(({ object }) => isWanted(object)),
        lastStates: lastStates.filter(({ object }) => isWanted(readObjectId(object, cluster))),
      };
    },
    conclude: (cluster: string) => history.conclude(cluster).filter(({ object }) => isWanted(object)),
  };
}

/** Tells which cluster a part of the dump is of, under the best name that is known for it. */
async function resolveClusters(input: DumpInput, store: Store, summary: DumpSummary, options: ImportOptions) {
  const held = await store.readClusters();
  const isTold = options.cluster === undefined && input.bytes === undefined;
  const found = isTold ? await findClusters(input, options.signal) : summary.clusters;
  const clusters = new Map<string, ClusterInfo>();
  return {
    of(batch: DumpBatch): ClusterInfo {
      const told =
        options.cluster === undefined
          ? (batch.cluster ?? tellCluster(assignCluster(batch.file, found)))
          : nameHeld(options.cluster, held);
      const known = clusters.get(told.uid) ?? held.find(({ uid }) => uid === told.uid);
      const cluster = {
        uid: told.uid,
        name: told.name || known?.name || basename(options.name),
        version: told.version || known?.version || summary.version,
      };
      clusters.set(told.uid, cluster);
      return cluster;
    },
    all: () => [...clusters.values()],
  };
}

/** Writes to the store in batches of a good size, one cluster at a time. */
function writeBatched(store: Store, onProgress: ImportOptions['onProgress']) {
  const waiting = new Map<string, Waiting>();
  const total = { taken: 0, updated: 0, unchanged: 0, told: 0 };

  async function commit(
    cluster: ClusterInfo,
    told: Told,
    coverage: readonly CoverageStep[] = [],
  ): Promise<void> {
    const result = await store.write({ cluster, ...told, coverage });
    total.updated += result.changed;
    total.unchanged += result.unchanged;
    total.taken += told.sightings.length;
    total.told += told.objects.length + told.changes.length;
    onProgress(total.taken);
  }

  return {
    async add(cluster: ClusterInfo, told: Told, coverage: readonly CoverageStep[]): Promise<void> {
      // A cluster that nothing was heard of is part of the record too.
      if (coverage.length > 0 || sizeOf(told) === 0) await commit(cluster, NOTHING, coverage);
      const known = waiting.get(cluster.uid) ?? startWaiting(cluster);
      known.sightings.push(...told.sightings);
      known.objects.push(...told.objects);
      known.changes.push(...told.changes);
      known.lastStates.push(...told.lastStates);
      waiting.set(cluster.uid, known);
      if (sizeOf(known) < BATCH) return;
      waiting.delete(cluster.uid);
      const { cluster: _, ...all } = known;
      await commit(cluster, all);
    },
    async end() {
      for (const { cluster, ...told } of waiting.values()) if (sizeOf(told) > 0) await commit(cluster, told);
      return total;
    },
  };
}

interface Waiting extends Told {
  readonly cluster: ClusterInfo;
  readonly sightings: Sighting[];
  readonly objects: KubernetesObject[];
  readonly changes: Change[];
  readonly lastStates: LastState[];
}

const NOTHING: Told = { sightings: [], objects: [], changes: [], lastStates: [] };

function startWaiting(cluster: ClusterInfo): Waiting {
  return { cluster, sightings: [], objects: [], changes: [], lastStates: [] };
}

function sizeOf({ sightings, objects, changes, lastStates }: Told): number {
  return sightings.length + objects.length + changes.length + lastStates.length;
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
