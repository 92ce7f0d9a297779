import type { Micros } from '../lib/time.ts';

/** Which object is meant. A field that is not known is the empty string; a cluster-scoped object has no namespace. */
export interface ObjectId {
  /** UID of the cluster's kube-system namespace, as in `RecordedEvent`. */
  readonly cluster: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** One entry of `metadata.ownerReferences`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** The owner that manages the object; at most one is. */
  readonly controller: boolean;
}

/** What an object needs or acts on, by name. */
export interface ObjectUse {
  readonly kind: string;
  /** Of what is selected by labels the selector, as kubectl writes it: `app=web,tier in (back,front)`; empty when it selects all. */
  readonly name: string;
  /** Where that is, when it is not where the object itself is; cluster-scoped kinds have none either way. */
  readonly namespace?: string;
  /**
   * - `runs-on`: a Pod its Node
   * - `scales`: an autoscaler its target
   * - `needs`: what it reads, mounts or is allowed by (ConfigMap, Secret, claim, ServiceAccount, Role…)
   * - `grants`: a binding of a Role the ServiceAccount that it gives rights to
   * - `selects`: a Service, NetworkPolicy or disruption budget the Pods with such labels
   * - `applied-by`: what put it there, as its labels and annotations tell (HelmRelease, Kustomization, Application)
   */
  readonly as: 'runs-on' | 'scales' | 'needs' | 'grants' | 'selects' | 'applied-by';
}

/** What is known of a Kubernetes object beside its Events: metadata and names only, never the contents of a Secret or a ConfigMap. */
export interface KubernetesObject extends ObjectId {
  readonly owners: readonly OwnerReference[];
  readonly uses: readonly ObjectUse[];
  /** Of Pods, by which they are selected. */
  readonly labels?: Readonly<Record<string, string>>;
  /** `metadata.creationTimestamp`, whole seconds. */
  readonly createdAt: Micros | undefined;
  /** When it was gone, as far as that was seen. */
  readonly deletedAt: Micros | undefined;
  /** When this state of it was seen; 0 when that is not known. */
  readonly seenAt: Micros;
  /** Not read from the cluster but concluded from Events' messages and names. */
  readonly inferred: boolean;
}

/**
 * The key of an object by name: `cluster/Kind/namespace/name`. Kinds of different groups that share a name are not told apart: Events of old
 * kubelets leave out the apiVersion. A Node's Events spell its uid in three ways, so a Node is always told by name.
 */
export function nameKey(id: Pick<ObjectId, 'cluster' | 'kind' | 'namespace' | 'name'>): string {
  return `${id.cluster}/${id.kind}/${CLUSTER_SCOPED.has(id.kind) ? '' : id.namespace}/${id.name}`;
}

/** Whether an Event's uid tells one incarnation of the object from the next of the same name. */
export function hasOwnUid(id: Pick<ObjectId, 'kind' | 'name' | 'uid'>): boolean {
  return id.uid !== '' && id.uid !== id.name && id.kind !== 'Node';
}

/** `deployment/podinfo`, as people type it. */
export function formatObject(id: Pick<ObjectId, 'kind' | 'name'>): string {
  return `${id.kind.toLowerCase()}/${id.name}`;
}

/** Kinds of Kubernetes itself whose Events name them with or without a namespace (`default`). */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'DeviceClass',
  'IPAddress',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'ResourceSlice',
  'RuntimeClass',
  'ServiceCIDR',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);
