import { parseTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';

/** A Kubernetes object as the API server serves it: whole, or its metadata only. */
export type RawObject = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys; undefined when any of them is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isRaw(current)) return undefined;
    current = current[key];
  }
  return current;
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly RawObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isRaw) : [];
}

/** A time at a path; undefined when it is missing, no time, or the zero time that kubelets write for "never". */
export function timeAt(value: unknown, ...path: readonly string[]): Micros | undefined {
  const time = parseTime(textAt(value, ...path));
  return time === undefined || time <= 0 ? undefined : time;
}

/** Entries of a list by their name. */
export function byName(list: readonly RawObject[]): ReadonlyMap<string, RawObject> {
  return new Map(list.map((entry) => [textAt(entry, 'name'), entry]));
}

/** The version of an object after a change that was heard; empty when its state is the first one seen: then the change may be long past. */
export function versionHeard(previous: RawObject | undefined, next: RawObject): string {
  return previous === undefined ? '' : textAt(next, 'metadata', 'resourceVersion');
}
