import type { ClusterInfo } from '../events/query.ts';

/** So much of a uid tells two clusters apart. */
const UID_LENGTH = 8;

/** What to call each cluster, by its uid: its name, and where two have the same (one was built anew), the beginning of the uid too. */
export function nameClusters(clusters: readonly ClusterInfo[]): Map<string, string> {
  const sameName = Map.groupBy(clusters, ({ name }) => name);
  return new Map(
    clusters.map(({ uid, name }) => [
      uid,
      (sameName.get(name)?.length ?? 0) > 1 ? `${name} (${uid.slice(0, UID_LENGTH)})` : name,
    ]),
  );
}
