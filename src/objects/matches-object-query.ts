import type { ObjectFilter } from '../events/query.ts';
import type { Change } from './change.ts';
import type { KubernetesObject, ObjectId } from './object.ts';
import type { ObjectQuery } from './object-query.ts';

/** Whether an object is asked for; the query is read once. */
export function matchObjects(query: ObjectQuery): (object: KubernetesObject) => boolean {
  const { since, until } = query;
  const matchesId = matchIds(query);
  return (object) =>
    matchesId(object) &&
    (since === undefined || object.deletedAt === undefined || object.deletedAt >= since) &&
    (until === undefined || object.createdAt === undefined || object.createdAt < until);
}

/** Whether a change is asked for; the query is read once. */
export function matchChanges(query: ObjectQuery): (change: Change) => boolean {
  const { since, until } = query;
  const matchesId = matchIds(query);
  return ({ object, at }) =>
    matchesId(object) && (since === undefined || at >= since) && (until === undefined || at < until);
}

function matchIds({ clusters, namespaces, kinds, for: filters }: ObjectQuery): (id: ObjectId) => boolean {
  const ofKinds = kinds?.map((kind) => kind.toLowerCase());
  const wanted = filters?.map((filter) => ({ ...filter, kind: filter.kind.toLowerCase() }));
  return (id) =>
    clusters?.includes(id.cluster) !== false &&
    (id.namespace === '' || namespaces?.includes(id.namespace) !== false) &&
    ofKinds?.includes(id.kind.toLowerCase()) !== false &&
    wanted?.some((filter) => isMeant(id, filter)) !== false;
}

/** @param filter its kind in lower case */
function isMeant(id: ObjectId, { kind, name, uid }: ObjectFilter): boolean {
  return (
    (kind === '' || id.kind.toLowerCase() === kind) &&
    (name === '' || id.name === name) &&
    (uid === undefined || id.uid === uid || (id.uid === '' && name !== ''))
  );
}
