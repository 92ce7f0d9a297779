import type { ClusterInfo } from '../events/query.ts';
import type { Cluster } from '../kube/cluster.ts';
import { type ClusterIdentity, readClusterIdentity } from '../kube/cluster-identity.ts';
import { connect } from '../kube/connect.ts';
import { type Clock, createClock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { createLiveSource } from './live-source.ts';
import { type FoundRecord, openRecord } from './open-record.ts';
import type { SourceContext, SourceOptions, SourceWants } from './open-source.ts';
import type { Source } from './source.ts';
import { createStoreSource, tellClusters } from './store-source.ts';

/** How long to wait for a cluster of which there is a record to fall back on. */
const PATIENCE_MS = 5_000;

interface Opening {
  readonly context: SourceContext;
  readonly options: SourceOptions;
  readonly wants: SourceWants;
  readonly record: FoundRecord;
  readonly clock: Clock;
  /** What the store holds. */
  readonly held: readonly ClusterInfo[];
}

/** Opens the cluster of the context with its record, or the record alone: see `openSource`. */
export async function openClusterSource(
  context: SourceContext,
  options: SourceOptions,
  wants: SourceWants = {},
): Promise<Source> {
  const record = await openRecord(context, options.store);
  try {
    const held = (await record.store?.readClusters()) ?? [];
    return await open({ context, options, wants, record, held, clock: createClock(context.wallClock) });
  } catch (error) {
    await record.store?.close();
    throw error;
  }
}

async function open(opening: Opening): Promise<Source> {
  const { context, options, clock } = opening;
  const { env, cwd } = context;
  let cluster: Cluster | undefined;
  try {
    cluster = await connect({ kubeconfig: options.kubeconfig, context: options.context, env, cwd, clock });
    const identity = await identify(opening, cluster);
    const other = findOtherMeant(opening, identity);
    if (other === undefined) return createLiveSource({ ...opening, cluster, identity });
    cluster.close();
    const why = `${opening.record.file} knows nothing of context "${cluster.name}"`;
    return await fallBack(opening, other, cluster.namespace, why);
  } catch (error) {
    cluster?.close();
    if (context.signal.aborted || !isAbsence(error)) throw error;
    const meant = findMeant(opening, cluster?.name);
    if (meant.length === 0) throw error;
    return await fallBack(opening, meant, cluster?.namespace ?? 'default', error.message);
  }
}

/** @throws HarkError `cluster-unreachable` when the cluster is slow and the record can stand in for it */
async function identify({ context, clock, held }: Opening, cluster: Cluster): Promise<ClusterIdentity> {
  const { signal } = context;
  if (!held.some(({ name }) => name === cluster.name))
    return await readClusterIdentity(cluster, clock, signal);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await readClusterIdentity(cluster, clock, AbortSignal.any([signal, patience]));
  } catch (error) {
    if (!patience.aborted || signal.aborted) throw error;
    const text = `cannot reach cluster "${cluster.name}": no answer within ${PATIENCE_MS / 1000} s`;
    throw new HarkError('cluster-unreachable', text, { exitCode: EXIT.unreachable, cause: error });
  }
}

/** Whether there is no cluster to ask, or it does not answer, or not to us. */
function isAbsence(error: unknown): error is HarkError {
  if (!(error instanceof HarkError)) return false;
  return (
    error.exitCode === EXIT.unreachable ||
    error.exitCode === EXIT.forbidden ||
    ['credentials', 'unknown-context'].includes(error.code)
  );
}

/** Who names a store that holds other clusters but not this one, and no context, means what the store holds. */
function findOtherMeant(
  { options, held }: Opening,
  identity: ClusterInfo,
): readonly ClusterInfo[] | undefined {
  const isNamed = options.store !== undefined && options.context === undefined;
  const isKnown = held.length === 0 || held.some(({ uid }) => uid === identity.uid);
  return isNamed && !isKnown ? held : undefined;
}

/** Of which clusters the record can stand in: those last seen under the context's name; all, when there is no kubeconfig or the store was named. */
function findMeant({ options, held }: Opening, contextName: string | undefined): readonly ClusterInfo[] {
  const name = contextName ?? options.context;
  const named = held.filter((cluster) => cluster.name === name);
  const isAnyMeant =
    options.context === undefined && (contextName === undefined || options.store !== undefined);
  return named.length === 0 && isAnyMeant ? held : named;
}

async function fallBack(
  { options, record, held }: Opening,
  clusters: readonly ClusterInfo[],
  namespace: string,
  why: string,
): Promise<Source> {
  if (record.store === undefined) throw new Error('there is no record to fall back on');
  const notes = [`${makeSafe(why)}. Reading the record of ${await tellClusters(record.store, clusters)}.`];
  return createStoreSource({
    store: record.store,
    file: record.file,
    clusters,
    held,
    options,
    namespace,
    notes,
  });
}
