import { formatMicroTime, parseTime } from '../lib/rfc3339.ts';
import type { Change } from './change.ts';
import type { KubernetesObject } from './object.ts';

/** The fields that hold a time; between machines they are RFC 3339 with microseconds, left out when the time is not known. */
const TIMES: ReadonlySet<string> = new Set(['at', 'createdAt', 'deletedAt', 'seenAt', 'startedAt']);

/** An object or a change as one line of JSON, from which `parseObject` or `parseChange` makes the same again. */
export function formatObjectLine(value: KubernetesObject | Change): string {
  return JSON.stringify(value, (key, field: unknown) =>
    TIMES.has(key) && typeof field === 'number' ? formatMicroTime(field) : field,
  );
}

/** @param line as `formatObjectLine` wrote it, parsed */
export function parseObject(line: object): KubernetesObject {
  const absent = { createdAt: undefined, deletedAt: undefined };
  return { ...absent, ...withTimes(line) } as unknown as KubernetesObject;
}

/** @param line as `formatObjectLine` wrote it, parsed */
export function parseChange(line: object): Change {
  const change = withTimes(line) as unknown as Change;
  return change.type === 'container-terminated' ? { ...change, startedAt: change.startedAt } : change;
}

function withTimes(line: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(line).map(([key, value]) => [
      key,
      TIMES.has(key) && typeof value === 'string' ? parseTime(value) : value,
    ]),
  );
}
