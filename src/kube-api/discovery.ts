import type { Wish } from './negotiate.ts';
import { apiVersionOf, RESOURCES, type Resource, VERBS } from './resources.ts';

const GROUPS = [...new Set(RESOURCES.map(({ group }) => group))].filter((group) => group !== '');

/** What `/api` answers. */
export const API_VERSIONS = {
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }],
};

/** What `/apis` answers. */
export function listGroups() {
  const groups = GROUPS.map((name) => {
    const { kind: _, apiVersion: __, ...group } = describeGroup(name);
    return group;
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

export function isGroup(name: string): boolean {
  return GROUPS.includes(name);
}

/** What `/apis/GROUP` answers. */
export function describeGroup(name: string) {
  const versions = versionsOf(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] };
}

function versionsOf(group: string): string[] {
  return [...new Set(RESOURCES.filter((one) => one.group === group).map(({ version }) => version))];
}

/** What `/api/v1` and `/apis/GROUP/VERSION` answer; undefined when there is none. */
export function listResources(apiVersion: string) {
  const resources = RESOURCES.filter((one) => apiVersionOf(one) === apiVersion);
  if (resources.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersion,
    resources: resources.map(({ resource, singular, namespaced, kind, shortNames }) => ({
      name: resource,
      singularName: singular,
      namespaced,
      kind,
      verbs: VERBS,
      shortNames,
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
export function discoverAll(isCore: boolean, version: string) {
  const groups = isCore ? [''] : GROUPS;
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: versionsOf(group).map((one) => ({
        version: one,
        resources: RESOURCES.filter((each) => each.group === group && each.version === one).map(discoverOne),
        freshness: 'Current',
      })),
    })),
  };
}

function discoverOne({ group, version, resource, singular, kind, namespaced, shortNames }: Resource) {
  return {
    resource,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: VERBS,
    shortNames,
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
