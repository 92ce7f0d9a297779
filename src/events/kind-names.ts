/** A kind that Kubernetes itself serves, by the names users type for it. */
export interface BuiltinKind {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  /** A version that every Kubernetes since 1.16 serves, empty when there is none: then ask the server. */
  readonly version: string;
  /** The name in URLs: lowercase, plural. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

/** `KIND PLURAL SCOPE VERSION SHORT,…` by group, as `kubectl api-resources` prints them; Kubernetes 1.20 to 1.36. */
const TABLE: Readonly<Record<string, string>> = {
  '': `
    Binding bindings ns v1
    ComponentStatus componentstatuses cluster v1 cs
    ConfigMap configmaps ns v1 cm
    Endpoints endpoints ns v1 ep
    Event events ns v1 ev
    LimitRange limitranges ns v1 limits
    Namespace namespaces cluster v1 ns
    Node nodes cluster v1 no
    PersistentVolumeClaim persistentvolumeclaims ns v1 pvc
    PersistentVolume persistentvolumes cluster v1 pv
    Pod pods ns v1 po
    PodTemplate podtemplates ns v1
    ReplicationController replicationcontrollers ns v1 rc
    ResourceQuota resourcequotas ns v1 quota
    Secret secrets ns v1
    ServiceAccount serviceaccounts ns v1 sa
    Service services ns v1 svc`,
  apps: `
    ControllerRevision controllerrevisions ns v1
    DaemonSet daemonsets ns v1 ds
    Deployment deployments ns v1 deploy
    ReplicaSet replicasets ns v1 rs
    StatefulSet statefulsets ns v1 sts`,
  batch: `
    CronJob cronjobs ns - cj
    Job jobs ns v1`,
  autoscaling: `
    HorizontalPodAutoscaler horizontalpodautoscalers ns v1 hpa`,
  policy: `
    PodDisruptionBudget poddisruptionbudgets ns - pdb
    PodSecurityPolicy podsecuritypolicies cluster - psp`,
  'networking.k8s.io': `
    Ingress ingresses ns - ing
    IngressClass ingressclasses cluster -
    IPAddress ipaddresses cluster - ip
    NetworkPolicy networkpolicies ns v1 netpol
    ServiceCIDR servicecidrs cluster -`,
  'storage.k8s.io': `
    CSIDriver csidrivers cluster -
    CSINode csinodes cluster -
    CSIStorageCapacity csistoragecapacities ns -
    StorageClass storageclasses cluster v1 sc
    VolumeAttachment volumeattachments cluster v1
    VolumeAttributesClass volumeattributesclasses cluster - vac`,
  'rbac.authorization.k8s.io': `
    ClusterRoleBinding clusterrolebindings cluster v1
    ClusterRole clusterroles cluster v1
    RoleBinding rolebindings ns v1
    Role roles ns v1`,
  'admissionregistration.k8s.io': `
    MutatingAdmissionPolicy mutatingadmissionpolicies cluster -
    MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings cluster -
    MutatingWebhookConfiguration mutatingwebhookconfigurations cluster v1
    ValidatingAdmissionPolicy validatingadmissionpolicies cluster -
    ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings cluster -
    ValidatingWebhookConfiguration validatingwebhookconfigurations cluster v1`,
  'apiextensions.k8s.io': `
    CustomResourceDefinition customresourcedefinitions cluster v1 crd,crds`,
  'apiregistration.k8s.io': `
    APIService apiservices cluster v1`,
  'certificates.k8s.io': `
    CertificateSigningRequest certificatesigningrequests cluster - csr
    ClusterTrustBundle clustertrustbundles cluster -
    PodCertificateRequest podcertificaterequests ns -`,
  'coordination.k8s.io': `
    Lease leases ns v1
    LeaseCandidate leasecandidates ns -`,
  'discovery.k8s.io': `
    EndpointSlice endpointslices ns -`,
  'flowcontrol.apiserver.k8s.io': `
    FlowSchema flowschemas cluster -
    PriorityLevelConfiguration prioritylevelconfigurations cluster -`,
  'node.k8s.io': `
    RuntimeClass runtimeclasses cluster -`,
  'resource.k8s.io': `
    DeviceClass deviceclasses cluster -
    ResourceClaim resourceclaims ns -
    ResourceClaimTemplate resourceclaimtemplates ns -
    ResourceSlice resourceslices cluster -`,
  'scheduling.k8s.io': `
    PriorityClass priorityclasses cluster v1 pc`,
};

/** Every kind that Kubernetes itself serves. */
export const BUILTIN_KINDS: readonly BuiltinKind[] = Object.entries(TABLE).flatMap(([group, lines]) =>
  lines
    .trim()
    .split('\n')
    .map((line) => parseKindLine(group, line)),
);

const BY_NAME: ReadonlyMap<string, BuiltinKind> = indexNames(BUILTIN_KINDS);

/**
 * The built-in kind that a word means to kubectl: `po`, `pod`, `pods`, `Pod`, `deployments.apps`, `deploy.v1.apps`; undefined for any other
 * word (a custom resource, or a typing error: only a server can tell). Case does not matter.
 */
export function findBuiltinKind(word: string): BuiltinKind | undefined {
  const [name = '', ...group] = word.toLowerCase().split('.');
  const found = BY_NAME.get(name);
  return found !== undefined && isGroupOf(found, group) ? found : undefined;
}

/** The Kind (`Pod`) that a word means to kubectl, see `findBuiltinKind`; undefined when it names no built-in kind. */
export function resolveKind(word: string): string | undefined {
  return findBuiltinKind(word)?.kind;
}

function parseKindLine(group: string, line: string): BuiltinKind {
  const [kind = '', plural = '', scope, version = '-', shortNames] = line.trim().split(' ');
  return {
    kind,
    group,
    version: version === '-' ? '' : version,
    plural,
    namespaced: scope === 'ns',
    shortNames: shortNames?.split(',') ?? [],
  };
}

function indexNames(kinds: readonly BuiltinKind[]): ReadonlyMap<string, BuiltinKind> {
  return new Map(kinds.flatMap((kind) => namesOf(kind).map((name) => [name, kind] as const)));
}

function namesOf(kind: BuiltinKind): string[] {
  return [kind.plural, kind.kind.toLowerCase(), ...kind.shortNames];
}

/** Groups that Kubernetes moved kinds to out of `extensions`, which kubectl still takes for them. */
const FORMERLY_EXTENSIONS = ['apps', 'networking.k8s.io', 'policy'];

/** Whether `pods.GROUP`, `pods.VERSION` or `pods.VERSION.GROUP` may mean that kind. */
function isGroupOf(kind: BuiltinKind, suffix: readonly string[]): boolean {
  const group = suffix.join('.');
  const withoutVersion = /^v\d+(?:(?:alpha|beta)\d+)?$/.test(suffix[0] ?? '')
    ? suffix.slice(1).join('.')
    : group;
  const formerly = withoutVersion === 'extensions' && FORMERLY_EXTENSIONS.includes(kind.group);
  return group === '' || group === kind.group || withoutVersion === kind.group || formerly;
}
