import type { ClusterInfo } from '../events/query.ts';
import { createHistoryLogs } from '../kube-api/history-log.ts';
import type { History, KnownKind, KnownNamespace, KubeApi } from '../kube-api/kube-api.ts';
import { createListWalks } from '../kube-api/list-walks.ts';
import { pollLog } from '../kube-api/poll-log.ts';
import { HarkError } from '../lib/errors.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import type { Micros } from '../lib/time.ts';
import { diagnose } from '../stories/diagnose/diagnose.ts';
import type { Served } from './served.ts';

/**
 * Makes what opens Kubernetes' API of a cluster by its name or uid; without, of the one that this server listens to.
 *
 * @throws HarkError `unknown-cluster`
 */
export function clusterApi(served: Served): (name: string | undefined) => Promise<KubeApi> {
  const { store, clock } = served;
  const log = pollLog(store, clock);
  const walks = createListWalks();
  const histories = createHistoryLogs();
  return async (name) => {
    const known = await store.readClusters();
    const { uid, version } = name === undefined ? findHome(served, known) : findCluster(name, known);
    return {
      log,
      cluster: uid,
      version,
      clock,
      walks,
      histories,
      readNamespaces: () => readNamespaces(served, uid),
      countEvents: (namespace) => countEvents(served, uid, namespace),
      readKinds: () => readKinds(served, uid),
      readHistory: () => readHistory(served, uid),
      onHistory: (listener) => served.model.onStories(listener),
    };
  };
}

/** The cluster whose API server asks, where this server is a part of it. */
function findHome({ listeningTo }: Served, known: readonly ClusterInfo[]): ClusterInfo {
  const heard = known.filter((cluster) => listeningTo(cluster) !== 'no');
  const [home, ...others] = heard.length === 0 ? known : heard;
  if (home !== undefined && others.length === 0) return home;
  throw new HarkError(
    'unknown-cluster',
    `this server is a part of no one cluster: it knows ${known.length}`,
    {
      hint: 'Name one: GET /clusters/NAME/apis',
    },
  );
}

function findCluster(name: string, known: readonly ClusterInfo[]): ClusterInfo {
  const byUid = known.find(({ uid }) => uid === name);
  const byName = known.filter((cluster) => cluster.name === name);
  const found = byUid ?? byName[0];
  if (byUid === undefined && byName.length > 1)
    throw new HarkError(
      'unknown-cluster',
      `"${name}" is the name of ${byName.length} clusters of the record`,
      {
        hint: `Name one by its uid: ${byName.map(({ uid }) => `/clusters/${uid}`).join(', ')}`,
      },
    );
  if (found !== undefined) return found;
  const names = known.map((cluster) => cluster.name);
  const [near] = suggestSimilar(name, names);
  const list = names.map((each) => JSON.stringify(each)).join(', ') || 'none yet';
  const hint = near === undefined ? `There is ${list}` : `Did you mean "${near}"? There is ${list}`;
  throw new HarkError('unknown-cluster', `there is no cluster "${name}" in the record`, { hint });
}

/** The stories of a cluster, and what is wrong there by them. */
async function readHistory({ model, clock }: Served, cluster: string): Promise<History> {
  await model.answering;
  model.refresh();
  const asOf = model.stories.ofCluster(cluster)?.asOf ?? clock.now();
  const stories = model.stories.all().filter(({ object }) => object.cluster === cluster);
  const { findings, healed } = diagnose(stories, asOf);
  return { stories, findings: [...findings, ...healed], asOf };
}

/** The namespaces that Events of a cluster were ever in. */
async function readNamespaces({ model }: Served, cluster: string): Promise<KnownNamespace[]> {
  await model.loaded;
  const { index } = model;
  const firsts = new Map<string, Micros>();
  for (let entry = 0; entry < index.size(); entry += 1) {
    const space = index.spaces.get(index.space.get(entry));
    const from = index.first.get(entry);
    if (space.cluster !== cluster || space.namespace === '' || from === Number.POSITIVE_INFINITY) continue;
    const known = firsts.get(space.namespace) ?? from;
    firsts.set(space.namespace, Math.min(known, from));
  }
  return [...firsts].map(([name, from]) => ({ name, from })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How many Events of a cluster there are in a namespace, or in all (empty); undefined until they are all read. */
function countEvents({ model }: Served, cluster: string, namespace: string): number | undefined {
  if (model.reading() !== undefined) return undefined;
  const { index } = model;
  let count = 0;
  for (let entry = 0; entry < index.size(); entry += 1) {
    const space = index.spaces.get(index.space.get(entry));
    const isThere = index.first.get(entry) !== Number.POSITIVE_INFINITY;
    if (isThere && space.cluster === cluster && (namespace === '' || space.namespace === namespace))
      count += 1;
  }
  return count;
}

/** The kinds of object that Events of a cluster are about. */
async function readKinds({ model }: Served, cluster: string): Promise<KnownKind[]> {
  await model.loaded;
  const { index } = model;
  const kinds = new Map<string, KnownKind>();
  for (const { home, apiVersion } of index.objects) {
    const { cluster: uid, kind } = home.id;
    if (uid === cluster && apiVersion !== '' && kind !== '')
      kinds.set(`${apiVersion}/${kind}`, { apiVersion, kind });
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}
