import { BUILTIN_KINDS } from '../../events/kind-names.ts';
import type { ObjectId } from '../../objects/object.ts';
import { groupOf } from '../../objects/object-list.ts';

/** Namespaces, by name; `all` are those to come, too. */
export type Namespaces = 'all' | ReadonlySet<string>;

/** What of one cluster may be seen. */
export interface ClusterScope {
  /** Whose Events. */
  readonly namespaces: Namespaces;
  /**
   * Of which kinds, by `kindOf`, and where, what is known of objects and happened to them: in the namespaces above alone, and cluster-scoped ones
   * only of kinds that may be seen everywhere.
   */
  readonly kinds: 'all' | ReadonlyMap<string, Namespaces>;
}

/** What of the record may be seen, by the uid of the cluster. */
export type Scope = ReadonlyMap<string, ClusterScope>;

export function seesNamespace(scope: Scope, cluster: string, namespace: string): boolean {
  const there = scope.get(cluster);
  return there !== undefined && includes(there.namespaces, namespace);
}

export function seesObject(scope: Scope, object: ObjectId): boolean {
  const there = scope.get(object.cluster);
  if (there === undefined) return false;
  const of = there.kinds === 'all' ? 'all' : there.kinds.get(kindOf(object));
  if (of === undefined || object.namespace === '') return of === 'all';
  return includes(of, object.namespace) && includes(there.namespaces, object.namespace);
}

/** A kind among those of all groups: `apps/Deployment`, `/Pod`. */
export function kindOf({ apiVersion, kind }: Pick<ObjectId, 'apiVersion' | 'kind'>): string {
  // What was concluded from an Event does not always say.
  const group = apiVersion === '' ? BUILTIN_KINDS.find((one) => one.kind === kind)?.group : undefined;
  return `${group ?? groupOf(apiVersion)}/${kind}`;
}

/** What tells scopes apart: two that are formatted alike show the same. */
export function formatScope(scope: Scope): string {
  return JSON.stringify(
    [...scope]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([cluster, { namespaces, kinds }]) => [
        cluster,
        formatNamespaces(namespaces),
        kinds === 'all' ? kinds : [...kinds].sort().map(([kind, of]) => [kind, formatNamespaces(of)]),
      ]),
  );
}

function includes(namespaces: Namespaces, namespace: string): boolean {
  return namespaces === 'all' || (namespace !== '' && namespaces.has(namespace));
}

function formatNamespaces(namespaces: Namespaces): string | string[] {
  return namespaces === 'all' ? namespaces : [...namespaces].sort();
}
