import { formatLabels, formatSelector } from './label-selector.ts';
import type { ObjectUse } from './object.ts';
import { at, isRaw, listAt, type RawObject, textAt } from './raw-object.ts';
import { readAppliers } from './read-appliers.ts';

/** Notes one use; what is empty or known is left out. */
export type AddUse = (as: ObjectUse['as'], kind: string, name: string, namespace?: string) => void;

/**
 * What an object runs on, scales, needs, grants, selects and is applied by, by name. Of metadata alone only who applies it is known: the rest
 * is read from its spec. Never looks at what a Secret or a ConfigMap holds.
 */
export function readUses(object: RawObject): ObjectUse[] {
  const found: ObjectUse[] = [];
  const own = textAt(object, 'metadata', 'namespace');
  const add: AddUse = (as, kind, name, namespace = own) => {
    if (kind === '' || (name === '' && as !== 'selects')) return;
    const use: ObjectUse = namespace === own ? { as, kind, name } : { as, kind, name, namespace };
    const isKnown = found.some(
      (other) =>
        other.kind === kind && other.name === name && other.as === as && other.namespace === use.namespace,
    );
    if (!isKnown) found.push(use);
  };
  if (textAt(object, 'kind') === 'Pod') add('runs-on', 'Node', textAt(object, 'spec', 'nodeName'));
  addTarget('scales', at(object, 'spec', 'scaleTargetRef'), add);
  addOfPod(object, add);
  addOfKind(object, add);
  addOfSources(object, add);
  readAppliers(object, add);
  return found;
}

/** The Pod's spec, or that of the Pods a workload makes. */
export function podSpecOf(object: RawObject): unknown {
  switch (textAt(object, 'kind')) {
    case 'Pod':
      return at(object, 'spec');
    case 'CronJob':
      return at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    default:
      return at(object, 'spec', 'template', 'spec');
  }
}

function addTarget(as: ObjectUse['as'], reference: unknown, add: AddUse): void {
  add(as, textAt(reference, 'kind'), textAt(reference, 'name'), textAt(reference, 'namespace') || undefined);
}

function addOfPod(object: RawObject, add: AddUse): void {
  const pod = podSpecOf(object);
  add('needs', 'ServiceAccount', textAt(pod, 'serviceAccountName') || textAt(pod, 'serviceAccount'));
  add('needs', 'PriorityClass', textAt(pod, 'priorityClassName'));
  add('needs', 'RuntimeClass', textAt(pod, 'runtimeClassName'));
  for (const secret of listAt(pod, 'imagePullSecrets')) add('needs', 'Secret', textAt(secret, 'name'));
  for (const claim of listAt(pod, 'resourceClaims')) {
    add('needs', 'ResourceClaim', textAt(claim, 'resourceClaimName'));
    add('needs', 'ResourceClaimTemplate', textAt(claim, 'resourceClaimTemplateName'));
  }
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const container of listAt(pod, list)) addFromContainer(container, add);
  const owner = textAt(object, 'kind') === 'Pod' ? textAt(object, 'metadata', 'name') : '';
  for (const volume of listAt(pod, 'volumes')) addFromVolume(volume, owner, add);
}

function addFromContainer(container: RawObject, add: AddUse): void {
  for (const source of listAt(container, 'envFrom')) {
    add('needs', 'ConfigMap', textAt(source, 'configMapRef', 'name'));
    add('needs', 'Secret', textAt(source, 'secretRef', 'name'));
  }
  for (const variable of listAt(container, 'env')) {
    add('needs', 'ConfigMap', textAt(variable, 'valueFrom', 'configMapKeyRef', 'name'));
    add('needs', 'Secret', textAt(variable, 'valueFrom', 'secretKeyRef', 'name'));
  }
}

function addFromVolume(volume: RawObject, pod: string, add: AddUse): void {
  // Every Pod gets this one; it tells nothing.
  if (textAt(volume, 'name').startsWith('kube-api-access-')) return;
  add('needs', 'ConfigMap', textAt(volume, 'configMap', 'name'));
  add('needs', 'Secret', textAt(volume, 'secret', 'secretName'));
  add('needs', 'PersistentVolumeClaim', textAt(volume, 'persistentVolumeClaim', 'claimName'));
  const template = at(volume, 'ephemeral', 'volumeClaimTemplate');
  if (isRaw(template)) {
    // The claim is named after the Pod and the volume (k8s.io/component-helpers/storage/ephemeral).
    if (pod !== '') add('needs', 'PersistentVolumeClaim', `${pod}-${textAt(volume, 'name')}`);
    add('needs', 'StorageClass', textAt(template, 'spec', 'storageClassName'));
  }
  for (const source of listAt(volume, 'projected', 'sources')) {
    add('needs', 'ConfigMap', textAt(source, 'configMap', 'name'));
    add('needs', 'Secret', textAt(source, 'secret', 'name'));
  }
  add('needs', 'Secret', textAt(volume, 'csi', 'nodePublishSecretRef', 'name'));
  add('needs', 'Secret', textAt(volume, 'azureFile', 'secretName'));
  // cephfs, flexVolume, iscsi, rbd, scaleIO, storageos
  for (const source of Object.values(volume)) add('needs', 'Secret', textAt(source, 'secretRef', 'name'));
}

function addOfKind(object: RawObject, add: AddUse): void {
  OF_KIND[textAt(object, 'kind')]?.(object, at(object, 'spec'), add);
}

const OF_KIND: Readonly<Record<string, (object: RawObject, spec: unknown, add: AddUse) => void>> = {
  StatefulSet(_, spec, add) {
    add('needs', 'Service', textAt(spec, 'serviceName'));
    for (const template of listAt(spec, 'volumeClaimTemplates'))
      add('needs', 'StorageClass', textAt(template, 'spec', 'storageClassName'));
  },
  PersistentVolumeClaim(_, spec, add) {
    add('needs', 'StorageClass', textAt(spec, 'storageClassName'));
    add('needs', 'PersistentVolume', textAt(spec, 'volumeName'));
  },
  PersistentVolume: (_, spec, add) => add('needs', 'StorageClass', textAt(spec, 'storageClassName')),
  ServiceAccount(object, _, add) {
    for (const list of ['secrets', 'imagePullSecrets'])
      for (const secret of listAt(object, list)) add('needs', 'Secret', textAt(secret, 'name'));
  },
  RoleBinding: addOfBinding,
  ClusterRoleBinding: addOfBinding,
  Service: (_, spec, add) => addSelected(formatLabels(at(spec, 'selector')), add),
  NetworkPolicy: (_, spec, add) => addSelected(formatSelector(at(spec, 'podSelector')), add),
  PodDisruptionBudget: (_, spec, add) => addSelected(formatSelector(at(spec, 'selector')), add),
  Ingress: addOfIngress,
};

function addOfBinding(object: RawObject, _: unknown, add: AddUse): void {
  addTarget('needs', at(object, 'roleRef'), add);
  for (const subject of listAt(object, 'subjects'))
    if (textAt(subject, 'kind') === 'ServiceAccount') addTarget('grants', subject, add);
}

/** @param selector as `formatSelector` or `formatLabels` wrote it */
function addSelected(selector: string | undefined, add: AddUse): void {
  if (selector !== undefined) add('selects', 'Pod', selector);
}

function addOfIngress(_: RawObject, spec: unknown, add: AddUse): void {
  add('needs', 'IngressClass', textAt(spec, 'ingressClassName'));
  add('needs', 'Service', textAt(spec, 'defaultBackend', 'service', 'name'));
  for (const rule of listAt(spec, 'rules'))
    for (const path of listAt(rule, 'http', 'paths'))
      add(
        'needs',
        'Service',
        textAt(path, 'backend', 'service', 'name') || textAt(path, 'backend', 'serviceName'),
      );
  for (const tls of listAt(spec, 'tls')) add('needs', 'Secret', textAt(tls, 'secretName'));
}

/** What add-ons agree on: the source that a Flux object takes from, the issuer of a certificate, the values of a release. */
function addOfSources(object: RawObject, add: AddUse): void {
  const spec = at(object, 'spec');
  addTarget('needs', at(spec, 'sourceRef'), add);
  addTarget('needs', at(spec, 'chart', 'spec', 'sourceRef'), add);
  addTarget('needs', at(spec, 'issuerRef'), add);
  for (const values of listAt(spec, 'valuesFrom')) addTarget('needs', values, add);
}
