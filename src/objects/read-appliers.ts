import { type RawObject, textAt } from './raw-object.ts';
import type { AddUse } from './read-uses.ts';

/** Where Argo CD keeps its Applications, unless a tracking id names the namespace. */
const ARGO_NAMESPACE = 'argocd';

/**
 * What put an object there, as its labels and annotations tell: the HelmRelease or Kustomization of Flux, the release of Helm, the
 * Application of Argo CD.
 */
export function readAppliers(object: RawObject, add: AddUse): void {
  const label = (key: string) => textAt(object, 'metadata', 'labels', key);
  const annotation = (key: string) => textAt(object, 'metadata', 'annotations', key);
  for (const [kind, tool] of [
    ['Kustomization', 'kustomize.toolkit.fluxcd.io'],
    ['HelmRelease', 'helm.toolkit.fluxcd.io'],
  ] as const)
    add('applied-by', kind, label(`${tool}/name`), label(`${tool}/namespace`) || undefined);
  const release = annotation('meta.helm.sh/release-name');
  if (label('helm.toolkit.fluxcd.io/name') === '')
    add('applied-by', 'HelmRelease', release, annotation('meta.helm.sh/release-namespace') || undefined);
  const [application, namespace] = applicationOf(
    annotation('argocd.argoproj.io/tracking-id'),
    label('argocd.argoproj.io/instance') ||
      // Argo CD's own default is the label that Helm uses too.
      (release === '' ? label('app.kubernetes.io/instance') : ''),
  );
  add('applied-by', 'Application', application, namespace);
}

/** A tracking id is `app:group/Kind:namespace/name`, the app being `namespace_name` where Applications live anywhere. */
function applicationOf(trackingId: string, instance: string): readonly [name: string, namespace: string] {
  const app = trackingId === '' ? instance : (trackingId.split(':')[0] ?? '');
  const [first = '', second] = app.split('_', 2);
  return second === undefined ? [first, ARGO_NAMESPACE] : [second, first];
}
