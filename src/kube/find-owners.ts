import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE, type Micros } from '../lib/time.ts';
import { groupOf } from '../objects/object-list.ts';
import { listAt, type RawObject, textAt } from '../objects/raw-object.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { type ApiResource, discover } from './discovery.ts';
import { mediaType, readObjectOf } from './object-resource.ts';
import { requestJson } from './read-answer.ts';
import { resourceName, type WatchedKind } from './watched-kinds.ts';

/** An owner that was looked up: as it is now, or that it is gone (then with nothing but what its dependant says of it). */
export interface FoundOwner {
  readonly object: RawObject;
  readonly gone: boolean;
  readonly at: Micros;
}

/** Looks up who owns objects, for kinds that are not watched: an Argo Rollout, a Knative Service, anything. */
export interface OwnerFinder {
  /**
   * Fetches the metadata of these objects' owners, of their owners, and so on to the top, each once and again when some minutes have passed. Those
   * that cannot be had just now are left for the next time.
   */
  find(objects: readonly RawObject[], signal: AbortSignal): Promise<FoundOwner[]>;
  /** Whether `find` has anything to ask for. */
  isWanted(objects: readonly RawObject[]): boolean;
  /** Kinds of owners that may not be read, found out since it was last asked, as RBAC rules name them. */
  takeRefused(): string[];
}

/** An owner is looked up again after so long, should something it owns change. */
const STAYS_FRESH = 5 * MINUTE;
/** A kind that may not be read, or is not served, is tried again after so long; one that could not be had just now, after that. */
const STAYS_REFUSED = 30 * MINUTE;
const STAYS_FAILED = MINUTE;
const AT_ONCE = 4;
/** A cluster holds far fewer; those looked up longest ago are forgotten first. */
const MOST_REMEMBERED = 20_000;

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** Of what it owns: its own, unless its kind has none. */
  readonly namespace: string;
}

interface Remembered {
  readonly at: Micros;
  readonly owners: readonly Reference[];
}

/** @param isWatched whether a kind's objects are heard of anyway, or surely may not be read */
export function createOwnerFinder(
  cluster: Cluster,
  clock: Clock,
  isWatched: (kind: Pick<WatchedKind, 'group' | 'kind'>) => boolean,
): OwnerFinder {
  const remembered = new Map<string, Remembered>();
  const refusedUntil = new Map<string, Micros>();
  const unsaid = new Set<string>();
  let discoveredAt: Micros | undefined;

  function isDue(reference: Reference): boolean {
    if (reference.uid === '' || isWatched({ kind: reference.kind, group: groupOf(reference.apiVersion) }))
      return false;
    if (clock.now() < (refusedUntil.get(kindKey(reference)) ?? 0)) return false;
    const known = remembered.get(reference.uid);
    return known === undefined || clock.now() - known.at >= STAYS_FRESH;
  }

  function remember(reference: Reference, owners: readonly Reference[]): void {
    remembered.delete(reference.uid);
    remembered.set(reference.uid, { at: clock.now(), owners });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  async function findResourceOf(reference: Reference, signal: AbortSignal): Promise<ApiResource | undefined> {
    const look = async () =>
      (await discover(cluster, { clock, signal })).find(
        (resource) => resource.kind === reference.kind && resource.group === groupOf(reference.apiVersion),
      );
    const found = await look();
    if (found !== undefined) return found;
    // A kind that was installed since the server was asked.
    if (discoveredAt !== undefined && clock.now() - discoveredAt < STAYS_FRESH) return undefined;
    discoveredAt = clock.now();
    await discover(cluster, { clock, signal, anew: true });
    return await look();
  }

  async function fetchOne(reference: Reference, signal: AbortSignal): Promise<FoundOwner | undefined> {
    const resource = await findResourceOf(reference, signal);
    if (resource === undefined) {
      refusedUntil.set(kindKey(reference), clock.now() + STAYS_REFUSED);
      return undefined;
    }
    const path = pathOfOwner(resource, reference);
    const request = { path, accept: mediaType('metadata', 'PartialObjectMetadata'), signal };
    try {
      const found = await requestJson(cluster, request, `get ${resource.plural} "${reference.name}"`, clock);
      const object = readObjectOf(reference.kind, reference.apiVersion, found);
      const isOther = textAt(object, 'metadata', 'uid') !== reference.uid;
      remember(reference, isOther ? [] : ownersOf(object));
      return isOther ? gone(reference, clock.now()) : { object, gone: false, at: clock.now() };
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) {
        remember(reference, []);
        return gone(reference, clock.now());
      }
      const isRefused = [401, 403, 405, 406].includes(status);
      refusedUntil.set(kindKey(reference), clock.now() + (isRefused ? STAYS_REFUSED : STAYS_FAILED));
      if (isRefused) unsaid.add(resourceName(resource));
      return undefined;
    }
  }

  async function find(objects: readonly RawObject[], signal: AbortSignal): Promise<FoundOwner[]> {
    const found: FoundOwner[] = [];
    const asked = new Set<string>();
    let level = objects.flatMap(ownersOf);
    while (level.length > 0 && !signal.aborted) {
      const fresh = level.filter(({ uid }) => !asked.has(uid));
      const due = [...new Map(fresh.map((reference) => [reference.uid, reference])).values()].filter(isDue);
      for (const { uid } of fresh) asked.add(uid);
      for (let at = 0; at < due.length && !signal.aborted; at += AT_ONCE) {
        const some = await Promise.all(
          due.slice(at, at + AT_ONCE).map((reference) => fetchQuietly(reference, signal)),
        );
        found.push(...some.filter((owner) => owner !== undefined));
      }
      level = fresh.flatMap(({ uid }) => remembered.get(uid)?.owners ?? []);
    }
    return found;
  }

  /** A server that does not tell what it serves just now is asked again later. */
  async function fetchQuietly(reference: Reference, signal: AbortSignal): Promise<FoundOwner | undefined> {
    try {
      return await fetchOne(reference, signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof HarkError)) throw error;
      refusedUntil.set(kindKey(reference), clock.now() + STAYS_FAILED);
      return undefined;
    }
  }

  return {
    find,
    isWanted: (objects) => objects.some((object) => ownersOf(object).some(isDue)),
    takeRefused() {
      const names = [...unsaid].sort();
      unsaid.clear();
      return names;
    },
  };
}

function ownersOf(object: RawObject): Reference[] {
  const namespace = textAt(object, 'metadata', 'namespace');
  return listAt(object, 'metadata', 'ownerReferences').map((reference) => ({
    apiVersion: textAt(reference, 'apiVersion'),
    kind: textAt(reference, 'kind'),
    name: textAt(reference, 'name'),
    uid: textAt(reference, 'uid'),
    namespace,
  }));
}

function gone({ apiVersion, kind, name, uid, namespace }: Reference, at: Micros): FoundOwner {
  return { object: { apiVersion, kind, metadata: { name, namespace, uid } }, gone: true, at };
}

function kindKey(reference: Reference): string {
  return `${groupOf(reference.apiVersion)}/${reference.kind}`;
}

function pathOfOwner(
  { group, version, plural, namespaced }: ApiResource,
  { namespace, name }: Reference,
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${plural}/${encodeURIComponent(name)}`;
}
