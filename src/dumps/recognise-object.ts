import { isWireObject, type WireObject } from '../events/wire-form.ts';

/** A list of any kind; one of none may hold null. */
export function isList(value: WireObject): boolean {
  return Array.isArray(value.items) || (value.items === null && typeof value.kind === 'string');
}

/** An audit log has lines of kind Event too, of another group: those are none. */
export function looksLikeEvent(object: WireObject): boolean {
  const { kind, apiVersion } = object;
  if (kind !== undefined)
    return kind === 'Event' && (apiVersion === undefined || isEventsVersion(apiVersion));
  return (
    isWireObject(object.metadata) && (isWireObject(object.involvedObject) || isWireObject(object.regarding))
  );
}

function isEventsVersion(apiVersion: unknown): boolean {
  return apiVersion === 'v1' || (typeof apiVersion === 'string' && apiVersion.startsWith('events.k8s.io/'));
}

/** The UID of the kube-system namespace, whose object says its kind or, in a list of bare items, shows it by its fields. */
export function readClusterUid(object: WireObject): string | undefined {
  const { metadata, kind, spec } = object;
  if (!isWireObject(metadata) || metadata.name !== 'kube-system' || metadata.namespace !== undefined)
    return undefined;
  const isNamespace =
    kind === 'Namespace' || (kind === undefined && isWireObject(spec) && Array.isArray(spec.finalizers));
  return isNamespace && typeof metadata.uid === 'string' && metadata.uid !== '' ? metadata.uid : undefined;
}

/** The API server's version as `/version`, `kubectl version -o json` and a support bundle's cluster_version.json tell it; empty when not told. */
export function readVersion(object: WireObject): string {
  for (const info of [object, object.serverVersion, object.info])
    if (isWireObject(info) && typeof info.gitVersion === 'string' && typeof info.platform === 'string')
      return info.gitVersion;
  return '';
}
