import type { ObjectId } from '../objects/object.ts';
import type { Attributes, AttributeValue } from './span.ts';

/** Attributes while they are gathered: one object for all who have something to say, the last one right. */
export type Gathered = Record<string, AttributeValue>;

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
/** By kind; the uid's is empty where there is none. */
const ATTRIBUTES: ReadonlyMap<string, { readonly name: string; readonly uid: string }> = new Map(
  [...NAMED].map(([kind, middle]) => [
    kind,
    { name: `k8s.${middle}.name`, uid: WITHOUT_UID.has(kind) ? '' : `k8s.${middle}.uid` },
  ]),
);

/** Adds an attribute, unless it says nothing: an empty text or list, or nothing known. */
export function put(into: Gathered, name: string, value: AttributeValue | undefined): void {
  if (value === undefined || value === '' || (typeof value === 'object' && value.length === 0)) return;
  into[name] = value;
}

/** Adds `k8s.pod.name`, `k8s.pod.uid`…: which object is meant, for kinds that OpenTelemetry has names for. */
export function putName(into: Gathered, { kind, name, uid }: Pick<ObjectId, 'kind' | 'name' | 'uid'>): void {
  const known = ATTRIBUTES.get(kind);
  if (known === undefined || name === '') return;
  into[known.name] = name;
  if (known.uid !== '' && uid !== '' && uid !== name) into[known.uid] = uid;
}

/** Adds `k8s.object.*`, of any kind, as the Collector's k8seventsreceiver names it, its namespace, and what `putName` does. */
export function putObject(into: Gathered, object: ObjectId, fieldPath = ''): void {
  put(into, 'k8s.namespace.name', object.kind === 'Namespace' ? object.name : object.namespace);
  put(into, 'k8s.object.kind', object.kind);
  put(into, 'k8s.object.name', object.name);
  put(into, 'k8s.object.uid', object.uid);
  put(into, 'k8s.object.api_version', object.apiVersion);
  put(into, 'k8s.object.fieldpath', fieldPath);
  putName(into, object);
}

/** The attributes that say something: without empty texts and lists, and what is not known. */
export function withoutEmpty(attributes: Readonly<Record<string, AttributeValue | undefined>>): Attributes {
  const told: Gathered = {};
  for (const name in attributes) put(told, name, attributes[name]);
  return told;
}
