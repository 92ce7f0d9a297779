import type { ObjectUse } from './object.ts';
import { at, listAt, type RawObject, textAt } from './raw-object.ts';

/** What an object runs on, scales or needs, by name. Read from its spec; nothing when only its metadata is known. */
export function readUses(object: RawObject): ObjectUse[] {
  const pod = podSpecOf(object);
  const found: ObjectUse[] = [];
  const add = (as: ObjectUse['as'], kind: string, name: string): void => {
    if (name !== '' && !found.some((use) => use.kind === kind && use.name === name && use.as === as))
      found.push({ as, kind, name });
  };
  if (textAt(object, 'kind') === 'Pod') add('runs-on', 'Node', textAt(object, 'spec', 'nodeName'));
  add(
    'scales',
    textAt(object, 'spec', 'scaleTargetRef', 'kind'),
    textAt(object, 'spec', 'scaleTargetRef', 'name'),
  );
  add('needs', 'ServiceAccount', textAt(pod, 'serviceAccountName'));
  add('needs', 'PriorityClass', textAt(pod, 'priorityClassName'));
  for (const secret of listAt(pod, 'imagePullSecrets')) add('needs', 'Secret', textAt(secret, 'name'));
  for (const container of [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')])
    addFromContainer(container, add);
  for (const volume of listAt(pod, 'volumes')) addFromVolume(volume, add);
  add(
    'needs',
    'StorageClass',
    textAt(object, 'kind') === 'PersistentVolumeClaim' ? textAt(object, 'spec', 'storageClassName') : '',
  );
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

type Add = (as: ObjectUse['as'], kind: string, name: string) => void;

function addFromContainer(container: RawObject, add: Add): void {
  for (const source of listAt(container, 'envFrom')) {
    add('needs', 'ConfigMap', textAt(source, 'configMapRef', 'name'));
    add('needs', 'Secret', textAt(source, 'secretRef', 'name'));
  }
  for (const variable of listAt(container, 'env')) {
    add('needs', 'ConfigMap', textAt(variable, 'valueFrom', 'configMapKeyRef', 'name'));
    add('needs', 'Secret', textAt(variable, 'valueFrom', 'secretKeyRef', 'name'));
  }
}

function addFromVolume(volume: RawObject, add: Add): void {
  // Every Pod gets this one; it tells nothing.
  if (textAt(volume, 'name').startsWith('kube-api-access-')) return;
  add('needs', 'ConfigMap', textAt(volume, 'configMap', 'name'));
  add('needs', 'Secret', textAt(volume, 'secret', 'secretName'));
  add('needs', 'PersistentVolumeClaim', textAt(volume, 'persistentVolumeClaim', 'claimName'));
  for (const source of listAt(volume, 'projected', 'sources')) {
    add('needs', 'ConfigMap', textAt(source, 'configMap', 'name'));
    add('needs', 'Secret', textAt(source, 'secret', 'name'));
  }
  add('needs', 'Secret', textAt(volume, 'csi', 'nodePublishSecretRef', 'name'));
}
