import type { Cluster } from '../kube/cluster.ts';
import { type ClusterIdentity, readClusterIdentity } from '../kube/cluster-identity.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE, type Micros, SECOND } from '../lib/time.ts';
import type { Store } from '../store/store.ts';

/** The record of the cluster that requests are handed on to. */
export interface History {
  readonly store: Store;
  /** Its uid in the record. */
  readonly cluster: string;
  /** Whether its Events are being recorded now: then the record holds what the API server deletes. */
  isRecorded(): Promise<boolean>;
}

/** How long it is believed which cluster answers: another one may take its address. */
const BELIEVED_FOR = MINUTE;
const COVERAGE_READ_EVERY = 5 * SECOND;

/**
 * Finds the record of a cluster when it is first asked for.
 *
 * @returns a function that throws ApiFailure when the cluster cannot be asked who it is
 */
export function createHistory(cluster: Cluster, store: Store, clock: Clock): () => Promise<History> {
  let asked: { readonly identity: Promise<ClusterIdentity>; readonly at: Micros } | undefined;
  let coverage: { readonly isOpen: Promise<boolean>; readonly at: Micros; readonly uid: string } | undefined;

  function identify(): Promise<ClusterIdentity> {
    const now = clock.now();
    if (asked !== undefined && now - asked.at < BELIEVED_FOR) return asked.identity;
    const identity = readClusterIdentity(cluster, clock, new AbortController().signal);
    const current = { identity, at: now };
    asked = current;
    identity.catch(() => {
      if (asked === current) asked = undefined;
    });
    return identity;
  }

  async function isCovered(uid: string): Promise<boolean> {
    const now = clock.now();
    if (coverage === undefined || coverage.uid !== uid || now - coverage.at >= COVERAGE_READ_EVERY) {
      const isOpen = store.readCoverage(uid).then((stretches) => stretches.some(({ open }) => open));
      coverage = { isOpen, at: now, uid };
    }
    return await coverage.isOpen;
  }

  return async () => {
    const { uid } = await identify();
    return { store, cluster: uid, isRecorded: () => isCovered(uid) };
  };
}
