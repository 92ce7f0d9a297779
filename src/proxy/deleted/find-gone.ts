import type { Change } from '../../objects/change.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { groupOf } from '../../objects/object-list.ts';
import { type RawObject, textAt } from '../../objects/raw-object.ts';
import type { History } from '../open-history.ts';
import type { ObjectTarget } from './read-object-path.ts';

/** An object that is not there any more, as far as the record knows it. */
export interface GoneObject {
  readonly object: KubernetesObject;
  /** What happened to it, in time order; empty where all of it is kept. */
  readonly changes: readonly Change[];
  /** All of it as it was last, where that is kept. */
  readonly last?: RawObject | undefined;
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
  const same = { ...query, for: [{ kind, name, uid }] };
  for await (const page of store.readLastStates(same, signal))
    for (const { object: last } of page)
      if (textAt(last, 'metadata', 'uid') === uid) return { object, changes: [], last };
  const changes: Change[] = [];
  for await (const page of store.readChanges(same, signal))
    for (const change of page) if (change.object.namespace === namespace) changes.push(change);
  return { object, changes };
}
