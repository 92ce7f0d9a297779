import type { Change } from '../../objects/change.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { groupOf } from '../../objects/object-list.ts';
import type { History } from '../open-history.ts';
import type { ObjectTarget } from './read-object-path.ts';

/** An object that is not there any more, as far as the record knows it. */
export interface GoneObject {
  readonly object: KubernetesObject;
  /** What happened to it, in time order. */
  readonly changes: readonly Change[];
}

/**
 * Finds an object that the server does not have in the record; of several of a name, the one that was made last.
 *
 * @returns undefined when the record knows of none, or but from what Events say of it
 */
export async function findGone(
  { store, cluster }: Pick<History, 'store' | 'cluster'>,
  { kind, apiVersion, namespace, name }: ObjectTarget,
  signal: AbortSignal,
): Promise<GoneObject | undefined> {
  const query = { clusters: [cluster], for: [{ kind, name }] };
  let object: KubernetesObject | undefined;
  for await (const page of store.readObjects(query, signal))
    for (const one of page) {
      const isMeant = one.namespace === namespace && groupOf(one.apiVersion) === groupOf(apiVersion);
      if (!isMeant || one.inferred) continue;
      if (object === undefined || (one.createdAt ?? 0) >= (object.createdAt ?? 0)) object = one;
    }
  if (object === undefined) return undefined;
  const { uid } = object;
  const changes: Change[] = [];
  for await (const page of store.readChanges({ ...query, for: [{ kind, name, uid }] }, signal))
    for (const change of page) if (change.object.namespace === namespace) changes.push(change);
  return { object, changes };
}
