import { type BuiltinKind, findBuiltinKind } from '../events/kind-names.ts';
import type { Clock } from '../lib/clock.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { requestJson } from './read-answer.ts';

/** A kind as a server serves it. */
export interface ApiResource {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The name in URLs: lowercase, plural. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Other names: singular, short. */
  readonly names: readonly string[];
}

interface Asking {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The kind that a word means to kubectl: `po`, `pods`, `Pod`, `rollouts.argoproj.io`, `rollout.v1alpha1.argoproj.io`; undefined when the server serves
 * none. Kinds of Kubernetes' own whose version never changes are known without asking.
 *
 * @throws ApiFailure when the server cannot be asked
 */
export async function findResource(
  cluster: Cluster,
  word: string,
  asking: Asking,
): Promise<ApiResource | undefined> {
  const builtin = findBuiltinKind(word);
  if (builtin !== undefined && builtin.version !== '') return fromBuiltin(builtin);
  const all = await discover(cluster, asking);
  return all.find((resource) => isCalled(resource, word.toLowerCase()));
}

const discovered = new WeakMap<Cluster, Promise<readonly ApiResource[]>>();

/**
 * Every kind that a server serves, in the order in which it prefers them; asked for once, and again when wanted `anew`. A group that does not answer (an extension that is
 * down) is left out.
 *
 * @throws ApiFailure when the server cannot be asked
 */
export function discover(
  cluster: Cluster,
  asking: Asking & { readonly anew?: boolean },
): Promise<readonly ApiResource[]> {
  const known = discovered.get(cluster);
  if (known !== undefined && asking.anew !== true) return known;
  const asked = askForAll(cluster, asking);
  discovered.set(cluster, asked);
  asked.catch(() => discovered.delete(cluster));
  return asked;
}

/** Servers since 1.26 tell all of a root at once, others one group at a time. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

async function askForAll(cluster: Cluster, asking: Asking): Promise<readonly ApiResource[]> {
  const roots = ['/api', '/apis'].map(async (path) => {
    const found = await ask(cluster, asking, path, AGGREGATED);
    if (isGroupDiscovery(found)) return found.items.flatMap(readGroup);
    return await askForEach(cluster, asking, pathsOf(found));
  });
  return (await Promise.all(roots)).flat();
}

async function askForEach(
  cluster: Cluster,
  asking: Asking,
  paths: readonly string[],
): Promise<ApiResource[]> {
  const lists = paths.map(async (path) => {
    try {
      return readResourceList(await ask(cluster, asking, path, 'application/json'));
    } catch (error) {
      if (statusOf(error) === 0) throw error;
      return [];
    }
  });
  return (await Promise.all(lists)).flat();
}

async function ask(
  cluster: Cluster,
  { clock, signal }: Asking,
  path: string,
  accept: string,
): Promise<unknown> {
  return await requestJson(cluster, { path, accept, signal }, 'discover the kinds', clock);
}

interface GroupDiscovery {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly kind?: string };
      readonly scope?: string;
      readonly singularResource?: string;
      readonly shortNames?: readonly string[];
    }[];
  }[];
}

function isGroupDiscovery(value: unknown): value is { readonly items: readonly GroupDiscovery[] } {
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  return kind === 'APIGroupDiscoveryList' && Array.isArray(items);
}

function readGroup({ metadata, versions = [] }: GroupDiscovery): ApiResource[] {
  return versions.flatMap(({ version, resources = [] }) =>
    resources.map((resource) => ({
      kind: resource.responseKind?.kind ?? '',
      group: metadata?.name ?? '',
      version,
      plural: resource.resource,
      namespaced: resource.scope === 'Namespaced',
      names: [resource.singularResource ?? '', ...(resource.shortNames ?? [])],
    })),
  );
}

/** The paths of an `APIVersions` or an `APIGroupList`; of each group the preferred version first. */
function pathsOf(value: unknown): string[] {
  const { versions, groups } = value as {
    versions?: readonly string[];
    groups?: readonly {
      readonly preferredVersion?: { readonly groupVersion: string };
      readonly versions: readonly { readonly groupVersion: string }[];
    }[];
  };
  const named = (groups ?? []).flatMap((group) => [
    group.preferredVersion?.groupVersion ?? '',
    ...group.versions.map(({ groupVersion }) => groupVersion),
  ]);
  const unique = [...new Set(named)].filter((name) => name !== '');
  return [...(versions ?? []).map((version) => `/api/${version}`), ...unique.map((name) => `/apis/${name}`)];
}

function readResourceList(value: unknown): ApiResource[] {
  const { groupVersion = '', resources = [] } = value as {
    groupVersion?: string;
    resources?: readonly {
      readonly name: string;
      readonly singularName?: string;
      readonly namespaced?: boolean;
      readonly kind: string;
      readonly shortNames?: readonly string[];
    }[];
  };
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName = '', namespaced = false, kind, shortNames = [] }) => ({
      kind,
      group,
      version,
      plural: name,
      namespaced,
      names: [singularName, ...shortNames],
    }));
}

function fromBuiltin({ kind, group, version, plural, namespaced, shortNames }: BuiltinKind): ApiResource {
  return { kind, group, version, plural, namespaced, names: shortNames };
}

/** @param word in lower case: a name, alone or with `.GROUP`, `.VERSION` or `.VERSION.GROUP` behind it */
function isCalled(resource: ApiResource, word: string): boolean {
  const [name = '', ...rest] = word.split('.');
  const suffix = rest.join('.');
  const { group, version } = resource;
  const suffixes = ['', group, version, `${version}.${group}`];
  const names = [resource.plural, resource.kind.toLowerCase(), ...resource.names];
  return name !== '' && names.includes(name) && suffixes.includes(suffix);
}
