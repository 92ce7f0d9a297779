import { BUILTIN_KINDS, type BuiltinKind } from '../../src/events/kind-names.ts';

/** A kind that the double serves beside the built-in ones: a custom resource. */
export interface CustomKind extends BuiltinKind {
  readonly version: string;
}

/** What an API server says it serves. */
export interface Discovery {
  readonly custom: readonly CustomKind[];
  /** Whether it answers with everything at once where asked to (1.26 and later). */
  readonly aggregated: boolean;
}

/** The answer to a request of discovery, undefined when it is none. */
export function serveDiscovery(discovery: Discovery, path: string, accept: string): unknown {
  const aggregated = discovery.aggregated && accept.includes('g=apidiscovery.k8s.io');
  const kinds = [...BUILTIN_KINDS, ...discovery.custom];
  const named = kinds.filter((kind) => kind.group !== '');
  if (path === '/api')
    return aggregated
      ? listGroups(kinds.filter((kind) => kind.group === ''))
      : { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis')
    return aggregated
      ? listGroups(named)
      : { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames(named) };
  const one = /^\/(?:api\/v1|apis\/([^/]+)\/([^/]+))$/.exec(path);
  if (one === null) return undefined;
  const [, group = '', version = 'v1'] = one;
  const served = kinds.filter((kind) => kind.group === group && versionOf(kind) === version);
  return served.length === 0 ? undefined : listResources(group, version, served);
}

/** The version under which the double serves a built-in kind. */
export function versionOf(kind: BuiltinKind): string {
  return kind.version || 'v1';
}

function groupNames(kinds: readonly BuiltinKind[]): object[] {
  return [...Map.groupBy(kinds, (kind) => kind.group)].map(([name, members]) => {
    const versions = [...new Set(members.map(versionOf))].map((version) => ({
      groupVersion: `${name}/${version}`,
      version,
    }));
    return { name, versions, preferredVersion: versions[0] };
  });
}

function listResources(group: string, version: string, kinds: readonly BuiltinKind[]): object {
  const resources = kinds.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.kind.toLowerCase(),
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: ['get', 'list', 'watch'],
      shortNames: kind.shortNames,
    },
    {
      name: `${kind.plural}/status`,
      singularName: '',
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: ['get'],
    },
  ]);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources,
  };
}

/** Source: k8s.io/api/apidiscovery/v2, `APIGroupDiscoveryList`. */
function listGroups(kinds: readonly BuiltinKind[]): object {
  const items = [...Map.groupBy(kinds, (kind) => kind.group)].map(([name, members]) => ({
    metadata: { name, creationTimestamp: null },
    versions: [...Map.groupBy(members, versionOf)].map(([version, resources]) => ({
      version,
      freshness: 'Current',
      resources: resources.map((kind) => ({
        resource: kind.plural,
        responseKind: { group: kind.group, version, kind: kind.kind },
        scope: kind.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: kind.kind.toLowerCase(),
        verbs: ['get', 'list', 'watch'],
        shortNames: kind.shortNames,
        subresources: [{ subresource: 'status', responseKind: null, verbs: ['get'] }],
      })),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}
