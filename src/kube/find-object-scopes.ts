import type { Clock } from '../lib/clock.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { listNamespaces } from './list-namespaces.ts';
import { mediaType, type ObjectScope, pathOf } from './object-resource.ts';
import { requestJson } from './read-answer.ts';
import type { WatchedKind } from './watched-kinds.ts';

interface Asking {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What may be read of some kinds. */
export interface FoundObjectScopes {
  readonly scopes: readonly ObjectScope[];
  /** Kinds of which nothing may be read, or not all that was wanted. */
  readonly refused: readonly WatchedKind[];
  /** Namespaces that were left out, because there are too many to watch one by one. */
  readonly leftOut: number;
}

/** The kinds that are listed, or may not be: of either there is no use in looking one object up. */
export function kindsOf({ scopes, refused }: FoundObjectScopes): WatchedKind[] {
  return [...new Set([...scopes.map(({ kind }) => kind), ...refused])];
}

/** How many requests are sent at once. */
const AT_ONCE = 8;

/** Where namespaces are watched one by one, each kind of each is a connection of its own. */
const MOST_NAMESPACES = 20;

/**
 * Finds out of which kinds objects may be listed, by listing one of each: of the whole cluster, else (of namespaces' kinds) of the namespaces
 * wanted. Where none are named and Pods may not be read everywhere, of those namespaces where they may. A kind that is not served is no failure.
 *
 * @param wanted namespaces asked for by name; undefined for the whole cluster
 * @throws ApiFailure when the server does not answer, or not to us
 */
export async function findObjectScopes(
  asking: Asking,
  kinds: readonly WatchedKind[],
  wanted: readonly string[] | undefined,
): Promise<FoundObjectScopes> {
  const everywhere = (kind: WatchedKind) => wanted === undefined || !kind.namespaced;
  const whole = await tryAll(
    asking,
    kinds.filter(everywhere).map((kind) => ({ kind, namespace: '' })),
  );
  const isPodRefused = whole.some(({ kind, found }) => kind.kind === 'Pod' && found === 'refused');
  const all = wanted ?? (isPodRefused ? await findNamespaces(asking, kinds) : []);
  const namespaces = all.slice(0, MOST_NAMESPACES);
  const missing = kinds.filter(
    (kind) => kind.namespaced && !whole.some((tried) => tried.kind === kind && tried.found !== 'refused'),
  );
  const some = await tryAll(
    asking,
    missing.flatMap((kind) => namespaces.map((namespace) => ({ kind, namespace }))),
  );
  const refused = new Set(
    [...(namespaces.length === 0 ? whole : whole.filter(({ kind }) => !kind.namespaced)), ...some].flatMap(
      ({ kind, found }) => (found === 'refused' ? [kind] : []),
    ),
  );
  return {
    scopes: [...whole, ...some].flatMap(({ kind, namespace, found }) =>
      typeof found === 'object' ? [{ kind, namespace, version: found.version }] : [],
    ),
    refused: kinds.filter((kind) => refused.has(kind)),
    leftOut: all.length - namespaces.length,
  };
}

interface Place {
  readonly kind: WatchedKind;
  readonly namespace: string;
}

interface Tried extends Place {
  readonly found: { readonly version: string } | 'refused' | 'not served';
}

async function tryAll(asking: Asking, places: readonly Place[]): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (let at = 0; at < places.length; at += AT_ONCE)
    tried.push(
      ...(await Promise.all(places.slice(at, at + AT_ONCE).map((place) => tryPlace(asking, place)))),
    );
  return tried;
}

async function tryPlace({ cluster, clock, signal }: Asking, place: Place): Promise<Tried> {
  for (const version of place.kind.versions) {
    const path = pathOf({ ...place, version });
    const request = {
      path,
      query: { limit: '1' },
      accept: mediaType('metadata', 'PartialObjectMetadataList'),
      signal,
    };
    try {
      await requestJson(cluster, request, `list ${place.kind.plural}`, clock);
      return { ...place, found: { version } };
    } catch (error) {
      const status = statusOf(error);
      if (status === 403) return { ...place, found: 'refused' };
      if (![404, 405, 406].includes(status)) throw error;
    }
  }
  return { ...place, found: 'not served' };
}

/** The namespaces whose Pods may be read. */
async function findNamespaces(asking: Asking, kinds: readonly WatchedKind[]): Promise<string[]> {
  const pods = kinds.filter(({ kind }) => kind === 'Pod');
  const names = await listNamespaces(asking);
  const tried = await tryAll(
    asking,
    pods.flatMap((kind) => names.map((namespace) => ({ kind, namespace }))),
  );
  return tried.flatMap(({ namespace, found }) => (typeof found === 'object' ? [namespace] : []));
}
