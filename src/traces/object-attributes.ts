import type { ObjectId } from '../objects/object.ts';
import type { Attributes } from './span.ts';

/**
 * Kinds for which OpenTelemetry's conventions (semantic-conventions 1.45, `k8s.*`) have a name and, but for StorageClasses and Namespaces, a
 * uid: kind to the middle of the attribute.
 */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['Pod', 'pod'],
  ['Deployment', 'deployment'],
  ['ReplicaSet', 'replicaset'],
  ['StatefulSet', 'statefulset'],
  ['DaemonSet', 'daemonset'],
  ['ReplicationController', 'replicationcontroller'],
  ['Job', 'job'],
  ['CronJob', 'cronjob'],
  ['Node', 'node'],
  ['Namespace', 'namespace'],
  ['Service', 'service'],
  ['HorizontalPodAutoscaler', 'hpa'],
  ['ResourceQuota', 'resourcequota'],
  ['PersistentVolume', 'persistentvolume'],
  ['PersistentVolumeClaim', 'persistentvolumeclaim'],
  ['StorageClass', 'storageclass'],
]);
const WITHOUT_UID: ReadonlySet<string> = new Set(['Namespace', 'StorageClass']);

/** `k8s.pod.name`, `k8s.pod.uid`…: which object is meant, for kinds that OpenTelemetry has names for. */
export function nameObject({ kind, name, uid }: ObjectId): Attributes {
  const middle = NAMED.get(kind);
  if (middle === undefined || name === '') return {};
  const isUid = uid !== '' && uid !== name && !WITHOUT_UID.has(kind);
  return { [`k8s.${middle}.name`]: name, ...(isUid && { [`k8s.${middle}.uid`]: uid }) };
}

/** `k8s.object.*`, of any kind, as the Collector's k8seventsreceiver names it, and its namespace. */
export function describeObject(object: ObjectId, fieldPath = ''): Attributes {
  return withoutEmpty({
    'k8s.namespace.name': object.kind === 'Namespace' ? object.name : object.namespace,
    'k8s.object.kind': object.kind,
    'k8s.object.name': object.name,
    'k8s.object.uid': object.uid,
    'k8s.object.api_version': object.apiVersion,
    'k8s.object.fieldpath': fieldPath,
  });
}

/** The attributes that say something: without empty texts and lists, and what is not known. */
export function withoutEmpty(
  attributes: Readonly<Record<string, Attributes[string] | undefined>>,
): Attributes {
  const told: Record<string, Attributes[string]> = {};
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
      told[name] = value;
  return told;
}
