import { isWireObject, type WireObject } from '../events/wire-form.ts';
import { HarkError } from '../lib/errors.ts';
import { parseTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';

/** What lines of an export hold, where it may have been tampered with. */
export function asObjects(value: unknown): readonly WireObject[] {
  return Array.isArray(value) ? value.filter(isWireObject) : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @throws HarkError `bad-export` */
export function asTime(value: unknown): Micros {
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined) throw badExport('time', value);
  return time;
}

export function badExport(what: string, value: unknown): HarkError {
  return new HarkError(
    'bad-export',
    `cannot read a line of a Hark export: its ${what} is ${JSON.stringify(value)}`,
  );
}
