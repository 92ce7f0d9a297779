import { BUILTIN_KINDS } from '../events/kind-names.ts';
import type { KnownKind } from './kube-api.ts';
import type { Wish } from './negotiate.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** A resource as discovery tells it. */
export interface Discovered extends Omit<Resource, 'form' | 'verbs'> {
  /** None: it is there to be named (`kubectl events --for pod/web`), and cannot be read. */
  readonly verbs: readonly string[];
}

/**
 * All resources: those that are answered, and those that Events are, or may be, about.
 *
 * @param served those that are answered
 * @param known the kinds that Events are about
 */
export function discover(served: readonly Resource[], known: readonly KnownKind[]): Discovered[] {
  const all = new Map<string, Discovered>();
  const add = (one: Discovered) => {
    const key = `${apiVersionOf(one)}/${one.resource}`;
    if (!all.has(key)) all.set(key, one);
  };
  for (const { form: _, ...one } of served) add(one);
  for (const one of known) add(describeKind(one));
  // Of a group that Events are about in some version, that is the version.
  const groups = new Set(known.map(({ apiVersion }) => splitVersion(apiVersion).group));
  for (const { kind, group, version } of BUILTIN_KINDS) {
    const isSeen = [...all.values()].some((one) => one.group === group && one.kind === kind);
    const usual = { apiVersion: apiVersionOf({ group, version: version || 'v1' }), kind };
    if (!isSeen || !groups.has(group)) add(describeKind(usual));
  }
  return [...all.values()];
}

function describeKind({ apiVersion, kind }: KnownKind): Discovered {
  const { group, version } = splitVersion(apiVersion);
  const builtin = BUILTIN_KINDS.find((one) => one.kind === kind && one.group === group);
  const singular = kind.toLowerCase();
  return {
    group,
    version,
    kind,
    singular,
    resource: builtin?.plural ?? guessPlural(singular),
    namespaced: builtin?.namespaced ?? true,
    shortNames: builtin?.shortNames ?? [],
    verbs: [],
  };
}

function splitVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/** (k8s.io/apimachinery `pkg/api/meta` UnsafeGuessKindToResource.) */
function guessPlural(singular: string): string {
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

/** What `/api` answers. */
export const API_VERSIONS = {
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }],
};

/** What `/apis` answers. */
export function listGroups(all: readonly Discovered[]) {
  const groups = groupsOf(all).map((name) => {
    const { kind: _, apiVersion: __, ...group } = describeGroup(name, all);
    return group;
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** The groups that have a name. */
function groupsOf(all: readonly Discovered[]): string[] {
  return [...new Set(all.map(({ group }) => group))].filter((group) => group !== '');
}

/** What `/apis/GROUP` answers; without versions when there is none. */
export function describeGroup(name: string, all: readonly Discovered[]) {
  const versions = versionsOf(name, all).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] };
}

/** The one to take first. (k8s.io/apimachinery `pkg/version` CompareKubeAwareVersionStrings.) */
function versionsOf(group: string, all: readonly Discovered[]): string[] {
  const versions = new Set(all.filter((one) => one.group === group).map(({ version }) => version));
  return [...versions].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
}

function rank(version: string): number {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return -1;
  const stages = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return stages * 1e12 + Number(major) * 1e6 + Number(minor ?? 0);
}

/** What `/api/v1` and `/apis/GROUP/VERSION` answer; undefined when there is none. */
export function listResources(apiVersion: string, all: readonly Discovered[]) {
  const resources = all.filter((one) => apiVersionOf(one) === apiVersion);
  if (resources.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    // As API servers have it: of the core group they do not say.
    ...(apiVersion !== 'v1' && { apiVersion: 'v1' }),
    groupVersion: apiVersion,
    resources: resources.map(({ resource, singular, namespaced, kind, verbs, shortNames }) => ({
      name: resource,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 && { shortNames }),
    })),
  };
}

/** Whether all groups can be told in one answer of this kind. */
export function allowsDiscovery({ kind, group, version }: NonNullable<Wish['as']>): boolean {
  const isKnown = version === 'v2' || version === 'v2beta1';
  return kind === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && isKnown;
}

/**
 * All resources in one answer. (k8s.io/api `apidiscovery/v2`.)
 *
 * @param isCore `/api`, else `/apis`
 */
export function discoverAll(isCore: boolean, version: string, all: readonly Discovered[]) {
  const groups = isCore ? [''] : groupsOf(all);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: versionsOf(group, all).map((one) => ({
        version: one,
        resources: all.filter((each) => each.group === group && each.version === one).map(discoverOne),
        freshness: 'Current',
      })),
    })),
  };
}

function discoverOne(one: Discovered) {
  const { group, version, resource, singular, kind, namespaced, verbs, shortNames } = one;
  return {
    resource,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
  };
}

/**
 * What `/version` answers: the cluster's own, marked as Hark's answer.
 *
 * @param version `v1.36.2`; empty when it is unknown
 */
export function describeVersion(version: string) {
  const [, major = '1', minor = '32'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const known = version === '' ? `v${major}.${minor}.0` : version;
  return {
    major,
    minor,
    gitVersion: `${known}${known.includes('+') ? '.' : '+'}hark`,
    gitCommit: '',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: '',
  };
}
