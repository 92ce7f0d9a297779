import { isWireObject, type WireObject } from '../events/wire-form.ts';
import { formatMicroTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { Change, FieldChange } from '../objects/change.ts';
import type { LastState } from '../objects/last-state.ts';
import type { KubernetesObject, ObjectId, ObjectUse, OwnerReference } from '../objects/object.ts';
import { asObjects, asText, asTime, badExport } from './hark-export-values.ts';

/**
 * A line of an export about an object: `{"cluster","state":{"apiVersion","kind","namespace","name","uid","owners":[…],"uses":[…],"labels":{…},
 * "createdAt","deletedAt","seenAt","inferred"}}`, what is not known left out.
 */
export function formatStateLine({ cluster, ...state }: KubernetesObject): string {
  return JSON.stringify({
    cluster,
    state: {
      ...state,
      createdAt: formatMaybe(state.createdAt),
      deletedAt: formatMaybe(state.deletedAt),
      seenAt: formatMicroTime(state.seenAt),
      inferred: state.inferred || undefined,
    },
  });
}

/** A line of an export about a change: `{"cluster","change":{"type","object":{…},"at","resourceVersion",…}}`, with the fields of its type. */
export function formatChangeLine(change: Change): string {
  const { cluster, ...object } = change.object;
  const times = {
    at: formatMicroTime(change.at),
    ...('startedAt' in change ? { startedAt: formatMaybe(change.startedAt) } : {}),
    ...('after' in change ? { after: formatMaybe(change.after) } : {}),
  };
  return JSON.stringify({ cluster, change: { ...change, object, ...times } });
}

/** A line of an export about what an object was last: `{"cluster","last":{"apiVersion","kind","metadata",…}}`, as Kubernetes writes it. */
export function formatLastStateLine({ cluster, object }: LastState): string {
  return JSON.stringify({ cluster, last: object });
}

export function isLastStateLine(value: WireObject): boolean {
  return typeof value.cluster === 'string' && isWireObject(value.last);
}

/** @throws HarkError `bad-export` */
export function parseLastStateLine({ cluster, last }: WireObject): LastState {
  const object = asObject('last', last);
  const { metadata } = object;
  const isWhole =
    isWireObject(metadata) && typeof metadata.name === 'string' && typeof object.kind === 'string';
  if (!isWhole) throw badExport('last state', last);
  return { cluster: asText(cluster), object };
}

export function isStateLine(value: WireObject): boolean {
  return typeof value.cluster === 'string' && isWireObject(value.state);
}

export function isChangeLine(value: WireObject): boolean {
  return typeof value.cluster === 'string' && isWireObject(value.change);
}

/** @throws HarkError `bad-export` */
export function parseStateLine(line: WireObject): KubernetesObject {
  const state = asObject('state', line.state);
  const { labels } = state;
  return {
    ...parseId(state, line.cluster),
    owners: asObjects(state.owners).map(parseOwner),
    uses: asObjects(state.uses).map(parseUse),
    ...(isWireObject(labels) ? { labels: parseLabels(labels) } : {}),
    createdAt: maybeTime(state.createdAt),
    deletedAt: maybeTime(state.deletedAt),
    seenAt: asTime(state.seenAt),
    inferred: state.inferred === true,
  };
}

function parseId(value: WireObject, cluster: unknown): ObjectId {
  const { apiVersion, kind, namespace, name, uid } = value;
  return {
    cluster: asText(cluster),
    apiVersion: asText(apiVersion),
    kind: asText(kind),
    namespace: asText(namespace),
    name: asText(name),
    uid: asText(uid),
  };
}

function parseOwner({ apiVersion, kind, name, uid, controller }: WireObject): OwnerReference {
  return {
    apiVersion: asText(apiVersion),
    kind: asText(kind),
    name: asText(name),
    uid: asText(uid),
    controller: controller === true,
  };
}

function parseUse({ as, kind, name, namespace }: WireObject): ObjectUse {
  const use = { as: asText(as) as ObjectUse['as'], kind: asText(kind), name: asText(name) };
  return namespace === undefined ? use : { ...use, namespace: asText(namespace) };
}

function parseLabels(labels: WireObject): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, asText(value)]));
}

/** @throws HarkError `bad-export` */
export function parseChangeLine(line: WireObject): Change {
  const told = asObject('change', line.change);
  const base = {
    object: parseId(asObject('object', told.object), line.cluster),
    at: asTime(told.at),
    resourceVersion: asText(told.resourceVersion),
  };
  const { type } = told;
  const [manager, container, reason] = [asText(told.manager), asText(told.container), asText(told.reason)];
  const message = asText(told.message);
  switch (type) {
    case 'created':
    case 'spec-changed':
      return { type, ...base, manager, fields: asObjects(told.fields).map(parseField) };
    case 'deleting':
    case 'deleted':
      return { type, ...base };
    case 'container-terminated': {
      const [exitCode, signal] = [asNumber('exitCode', told.exitCode), asNumber('signal', told.signal)];
      const [startedAt, restarts] = [maybeTime(told.startedAt), asNumber('restarts', told.restarts)];
      const init = told.init === true;
      return { type, ...base, container, exitCode, signal, reason, message, startedAt, restarts, init };
    }
    case 'container-waiting':
      return { type, ...base, container, reason, message, after: maybeTime(told.after) };
    case 'condition-changed': {
      const [condition, from, to] = [asText(told.condition), asText(told.from), asText(told.to)];
      return { type, ...base, condition, from, to, reason, message };
    }
    case 'content-changed':
      return { type, ...base, manager, keys: Array.isArray(told.keys) ? told.keys.map(asText) : [] };
    default:
      throw badExport('type of change', type);
  }
}

function parseField({ field, container, from, to }: WireObject): FieldChange {
  return { field: asText(field), container: asText(container), from: asText(from), to: asText(to) };
}

function formatMaybe(time: Micros | undefined): string | undefined {
  return time === undefined ? undefined : formatMicroTime(time);
}

function maybeTime(value: unknown): Micros | undefined {
  return value === undefined ? undefined : asTime(value);
}

function asNumber(what: string, value: unknown): number {
  if (!Number.isSafeInteger(value)) throw badExport(what, value);
  return value as number;
}

function asObject(what: string, value: unknown): WireObject {
  if (!isWireObject(value)) throw badExport(what, value);
  return value;
}
