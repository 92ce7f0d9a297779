import type { Micros } from '../lib/time.ts';
import type { WireObject } from './wire-form.ts';

/*
 * Weights tell in one addition per field whether an object is exactly what the API server prints of its normalised form: a field that is
 * there in its usual spelling weighs 1, one that is left out as usual 0, everything else NaN. When the sum equals the number of keys,
 * there is nothing else in the object either.
 */

/** Of a string that the API server leaves out when it is empty. */
export function weighText(value: unknown): number {
  return value === undefined ? 0 : typeof value === 'string' && value !== '' ? 1 : Number.NaN;
}

/** Of a string that the API server prints always. */
export function weighRequiredText(value: unknown): number {
  return typeof value === 'string' ? 1 : Number.NaN;
}

/** Of a number that the API server leaves out when it is 0. */
export function weighNumber(value: unknown): number {
  return value === undefined ? 0 : Number.isSafeInteger(value) && value !== 0 ? 1 : Number.NaN;
}

/** Of a `metav1.Time` that is printed always, null when there is none; `time` is what it was read as. */
export function weighTime(value: unknown, time: Micros | undefined): number {
  if (value === null) return 1;
  return time !== undefined && typeof value === 'string' && value.length === 20 && isUsual(value)
    ? 1
    : Number.NaN;
}

/** Of a `metav1.MicroTime` that is printed always, null when there is none. */
export function weighMicroTime(value: unknown, time: Micros | undefined): number {
  if (value === null) return 1;
  return time !== undefined && typeof value === 'string' && value.length === 27 && isUsual(value)
    ? 1
    : Number.NaN;
}

/** Whether a valid time of the right length is spelt with T, Z and a point, and has no leap second. */
function isUsual(text: string): boolean {
  const mark = text.charCodeAt(19);
  return (
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(17) !== 54 &&
    (mark === 90 || mark === 46) &&
    text.endsWith('Z')
  );
}

/** 1 when `weight` accounts for every key of the object. */
export function weighObject(object: WireObject, weight: number): number {
  let keys = 0;
  for (const _ in object) keys++;
  return keys === weight ? 1 : Number.NaN;
}
