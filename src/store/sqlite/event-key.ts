import { hashText } from './hash-text.ts';

/**
 * How an Event's name is stored. Emitters name Events `OBJECT.HEX`, HEX being nanoseconds: its upper digits are `key`, the lowest four
 * `low`, OBJECT is `prefix`. Other names have a hash for their key, no prefix, and are stored in full.
 */
export interface EventKey {
  readonly prefix: string | undefined;
  readonly key: number;
  readonly low: number;
}

const NANOSECONDS = /^[1-9a-f][0-9a-f]{4,15}$/;
const LOW_DIGITS = 4;

export function keyOfName(name: string): EventKey {
  const dot = name.lastIndexOf('.');
  const digits = name.slice(dot + 1);
  if (dot < 1 || !NANOSECONDS.test(digits)) return { prefix: undefined, key: hashText(name), low: 0 };
  const cut = digits.length - LOW_DIGITS;
  return {
    prefix: name.slice(0, dot),
    key: Number.parseInt(digits.slice(0, cut), 16),
    low: Number.parseInt(digits.slice(cut), 16),
  };
}

/** The name again. */
export function nameOfKey(prefix: string, key: number, low: number): string {
  return `${prefix}.${key.toString(16)}${low.toString(16).padStart(LOW_DIGITS, '0')}`;
}
