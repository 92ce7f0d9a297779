import type { ReviewedAction } from '../../kube/review-access.ts';
import type { Micros } from '../../lib/time.ts';
import type { Identity } from './identity.ts';
import type { KnownPlaces } from './known-places.ts';
import type { Reviewer } from './reviewer.ts';
import type { ClusterScope, Namespaces, Scope } from './scope.ts';

/** What somebody wants to do with Events. */
export interface ScopeWish {
  /** All of them must be allowed. */
  readonly verbs: readonly string[];
  /** API group of `events`: '' or `events.k8s.io`. */
  readonly group: string;
  /** Namespaces that are named: asked about though the record knows nothing of them. */
  readonly namespaces: readonly string[];
  /** Only what the server answers is asked: whoever the cluster knows may know that. */
  readonly isDiscovery?: boolean;
}

export interface FoundScope {
  readonly scope: Scope;
  /** Whether everything of the clusters in it may be seen, whatever comes. */
  readonly isWhole: boolean;
  /** Until when that is believed. */
  readonly until: Micros;
  /** Clusters of the record that could not be asked: nothing of them is in the scope. */
  readonly failures: readonly unknown[];
  /** The named namespaces that may be seen, by cluster. */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Finds out what somebody may see: of each cluster of the record, its own API server says so. What cannot be asked may not be seen, nor may
 * clusters that no API server here answers for.
 *
 * @param recorded the uids of the record's clusters
 */
export async function findScope(
  reviewers: readonly Reviewer[],
  places: KnownPlaces,
  recorded: ReadonlySet<string>,
  identity: Identity,
  wish: ScopeWish,
): Promise<FoundScope> {
  const scope = new Map<string, ClusterScope>();
  const failures: unknown[] = [];
  const named = new Map<string, ReadonlySet<string>>();
  let isWhole = true;
  let until = Number.POSITIVE_INFINITY;
  const parts = reviewers.map(async (reviewer) => {
    const asked = createQuestions(reviewer, identity, wish);
    try {
      const uid = await reviewer.uid();
      // Asked of every cluster alike, known or not, visible or not: how long it takes tells nothing.
      const found = await Promise.all(wish.namespaces.map((name) => asked.seesEvents(name, 'named')));
      const known = wish.namespaces.filter((_, at) => found[at]);
      const seen = await scopeCluster(asked, places, uid, known);
      const cluster = seen ?? (wish.isDiscovery && reviewer.isHome ? EMPTY : undefined);
      isWhole &&= cluster?.namespaces === 'all' && cluster.kinds === 'all';
      if (cluster === undefined) return;
      scope.set(uid, cluster);
      named.set(uid, new Set(known));
    } catch (error) {
      failures.push(error);
    } finally {
      until = Math.min(until, asked.until());
    }
  });
  await Promise.all(parts);
  isWhole &&= failures.length === 0 && [...recorded].every((uid) => scope.has(uid));
  return { scope, isWhole, until, failures, named };
}

const EMPTY: ClusterScope = { namespaces: new Set(), kinds: new Map() };

interface Questions {
  seesEvents(namespace: string, why: 'sweep' | 'named'): Promise<boolean>;
  sees(group: string, resource: string, namespace: string): Promise<boolean>;
  seesKind(kind: string, namespace: string): Promise<boolean>;
  until(): Micros;
}

function createQuestions(reviewer: Reviewer, identity: Identity, { verbs, group }: ScopeWish): Questions {
  let until = Number.POSITIVE_INFINITY;

  async function may(action: ReviewedAction, why: 'sweep' | 'named'): Promise<boolean> {
    const answer = await reviewer.may(identity, action, why);
    until = Math.min(until, answer.until);
    return answer.value;
  }

  async function mayAll(
    resource: readonly [group: string, plural: string],
    namespace: string,
    why: 'sweep' | 'named',
  ): Promise<boolean> {
    const [ofGroup, plural] = resource;
    for (const verb of verbs)
      if (!(await may({ verb, group: ofGroup, resource: plural, namespace, name: '' }, why))) return false;
    return true;
  }

  return {
    seesEvents: (namespace, why) => mayAll([group, 'events'], namespace, why),
    sees: (ofGroup, plural, namespace) => mayAll([ofGroup, plural], namespace, 'sweep'),
    async seesKind(kind, namespace) {
      const resource = await reviewer.resourceOf(kind);
      return resource !== undefined && (await mayAll(resource, namespace, 'sweep'));
    },
    until: () => until,
  };
}

/** @param known namespaces that may be seen, whether the record knows of them or not */
async function scopeCluster(
  asked: Questions,
  places: KnownPlaces,
  uid: string,
  known: readonly string[],
): Promise<ClusterScope | undefined> {
  // Who may list everything is asked about nothing else.
  if (await asked.sees('*', '*', '')) return { namespaces: 'all', kinds: 'all' };
  await places.ready;
  const namespaces = await findNamespaces(asked, places, uid);
  if (namespaces !== 'all' && namespaces.size === 0) {
    if (known.length === 0) return undefined;
    return { namespaces: new Set(known), kinds: new Map() };
  }
  return { namespaces, kinds: await findKinds(asked, places, uid, namespaces) };
}

async function findNamespaces(asked: Questions, places: KnownPlaces, uid: string): Promise<Namespaces> {
  if (await asked.seesEvents('', 'sweep')) return 'all';
  const names = [...places.namespaces(uid)];
  const seen = await Promise.all(names.map((name) => asked.seesEvents(name, 'sweep')));
  return new Set(names.filter((_, at) => seen[at]));
}

/** Objects are of their own permissions: whoever may list Events may not list Secrets. */
async function findKinds(
  asked: Questions,
  places: KnownPlaces,
  uid: string,
  namespaces: Namespaces,
): Promise<ReadonlyMap<string, Namespaces>> {
  const there = places.kinds(uid);
  const found = new Map<string, Namespaces>();
  const all = [...new Set([...there.values()].flatMap((kinds) => [...kinds]))];
  const everywhere = await Promise.all(all.map((kind) => asked.seesKind(kind, '')));
  const narrower = all.filter((kind, at) => {
    if (everywhere[at]) found.set(kind, 'all');
    return !everywhere[at];
  });
  const pairs = [...there].flatMap(([namespace, kinds]) =>
    namespace === '' || (namespaces !== 'all' && !namespaces.has(namespace))
      ? []
      : narrower.filter((kind) => kinds.has(kind)).map((kind) => ({ kind, namespace })),
  );
  const seen = await Promise.all(pairs.map(({ kind, namespace }) => asked.seesKind(kind, namespace)));
  for (const [at, { kind, namespace }] of pairs.entries()) {
    if (!seen[at]) continue;
    const names = found.get(kind) ?? new Set<string>();
    if (names !== 'all') found.set(kind, new Set([...names, namespace]));
  }
  return found;
}
