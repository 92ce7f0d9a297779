import { at, isRaw, type RawObject } from './raw-object.ts';

/** All of an object as it was last, when it was gone: what the API server told with its deletion. */
export interface LastState {
  readonly cluster: string;
  /** As `trimLastState` gives it. */
  readonly object: RawObject;
}

/** What stands for a value that may be secret. */
export const NOT_KEPT = '(not kept by Hark)';

/** Annotations of Kubernetes itself, whose values are no secrets; but for what `kubectl apply` leaves in one, which holds the whole object again. */
const OWN_ANNOTATION = /^(?:[a-z0-9.-]+\.)?(?:kubernetes|k8s)\.io\//;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What is kept of an object's last state: all of it but `managedFields`, and but for values that may be secret, of which the names stay: those of environment
 * variables and of headers of probes (whatever has a name and a value), and those of annotations that are not Kubernetes' own.
 */
export function trimLastState(object: RawObject): RawObject {
  const { metadata, ...rest } = object;
  const { managedFields: _, annotations, ...kept } = isRaw(metadata) ? metadata : {};
  const own = isRaw(annotations) ? { annotations: hideAnnotations(annotations) } : {};
  const { apiVersion, kind, ...others } = rest;
  return { apiVersion, kind, metadata: { ...kept, ...own }, ...(hideValues(others) as RawObject) };
}

function hideAnnotations(annotations: RawObject): RawObject {
  const kept = Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED);
  return Object.fromEntries(kept.map(([key, value]) => [key, OWN_ANNOTATION.test(key) ? value : NOT_KEPT]));
}

function hideValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideValues);
  if (!isRaw(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, hideInner(value, key, inner)]);
  return Object.fromEntries(entries);
}

function hideInner(around: RawObject, key: string, inner: unknown): unknown {
  const isValue = key === 'value' && typeof inner === 'string' && typeof at(around, 'name') === 'string';
  if (isValue) return inner === '' ? '' : NOT_KEPT;
  // Those of what a workload makes.
  if (key === 'metadata' && isRaw(inner) && isRaw(inner.annotations))
    return { ...inner, annotations: hideAnnotations(inner.annotations) };
  return hideValues(inner);
}
