import type { Cluster } from '../kube/cluster.ts';
import { readClusterIdentity } from '../kube/cluster-identity.ts';
import { watchEventGroups } from '../kube/watch-events.ts';
import { watchObjectGroups } from '../kube/watch-objects.ts';
import type { ChangesMode, ObjectForm } from '../kube/watched-kinds.ts';
import type { Clock } from '../lib/clock.ts';
import type { Feed } from './feed.ts';

/**
 * A cluster as something to listen to.
 *
 * @param namespaces those to listen to; all when absent
 * @param changes what is read of objects
 */
export function createClusterFeed(
  cluster: Cluster,
  clock: Clock,
  namespaces: readonly string[] | undefined,
  changes: ChangesMode = 'none',
): Feed {
  let knownUid: string | undefined;
  const watchObjects = (form: ObjectForm) => (signal: AbortSignal) =>
    watchObjectGroups(cluster, { form, namespaces, uid: knownUid, signal, clock });
  return {
    name: cluster.name,
    async identify(signal) {
      const { uid, name, version, uidIsGuessed } = await readClusterIdentity(cluster, clock, signal);
      knownUid = uidIsGuessed ? undefined : uid;
      return { uid, name, version };
    },
    watch: (resume, signal) =>
      watchEventGroups(cluster, { namespaces, resume, uid: knownUid, signal, clock }),
    ...(changes === 'none' ? {} : { watchObjects: watchObjects(changes) }),
  };
}
