import { at, isRaw, listAt, type RawObject } from './raw-object.ts';
import { isWriter } from './who-changed.ts';

const METADATA = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'labels',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'managedFields',
];

/**
 * The annotations that tell of changes, and of what applied an object. All others are left behind: what `kubectl apply` leaves in one holds the whole object, a Secret's
 * contents too.
 */
const ANNOTATIONS = [
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
  'argocd.argoproj.io/tracking-id',
];

const CONDITION = ['type', 'status', 'reason', 'message', 'lastTransitionTime', 'lastUpdateTime'];
const CONTAINER = ['name', 'state', 'lastState', 'restartCount'];

/** What `changesOf`, `changesOfRevisions` and `readObject` look at of an object; never data of a ConfigMap or Secret, nor an annotation that may hold it. */
export function trimObject(object: RawObject): RawObject {
  const annotations = pick(at(object, 'metadata', 'annotations'), ANNOTATIONS);
  const metadata = { ...pick(at(object, 'metadata'), METADATA), ...ifAny('annotations', annotations) };
  const { apiVersion, kind, spec, revision, roleRef, subjects } = object;
  return {
    apiVersion,
    kind,
    metadata,
    ...(spec === undefined ? {} : { spec }),
    ...(roleRef === undefined ? {} : { roleRef, subjects }),
    ...(kind === 'ControllerRevision' ? { revision, ...trimKept(object) } : {}),
    ...ifAny('status', trimStatus(object)),
  };
}

/** The template that a ControllerRevision of a workload keeps; what others keep in theirs is nobody's business. */
function trimKept(revision: RawObject): RawObject {
  const template = at(revision, 'data', 'spec', 'template');
  return template === undefined ? {} : { data: { spec: { template } } };
}

/**
 * A trimmed object without what rises or turns while nothing changes: two states that are the same without it differ in nothing that is told.
 */
export function dropNoise(trimmed: RawObject): RawObject {
  const { resourceVersion: _, managedFields: __, ...metadata } = asRaw(trimmed.metadata);
  const writers = listAt(trimmed, 'metadata', 'managedFields').filter(isWriter);
  return { ...trimmed, metadata: { ...metadata, ...(writers.length > 0 ? { managedFields: writers } : {}) } };
}

function trimStatus(object: RawObject): RawObject {
  const status = asRaw(object.status);
  const each = (field: string, keys: readonly string[]) => {
    const list = listAt(status, field).map((entry) => pick(entry, keys));
    return list.length > 0 ? { [field]: list } : {};
  };
  return {
    ...pick(status, ['phase']),
    ...each('conditions', CONDITION),
    ...each('initContainerStatuses', CONTAINER),
    ...each('containerStatuses', CONTAINER),
  };
}

function pick(value: unknown, keys: readonly string[]): RawObject {
  const object = asRaw(value);
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));
}

function ifAny(key: string, value: RawObject): RawObject {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}

function asRaw(value: unknown): RawObject {
  return isRaw(value) ? value : {};
}
