import type { Event } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { hashText } from './hash-text.ts';

/**
 * How an Event's name is stored. Emitters name Events `OBJECT.HEX`, HEX being a time in nanoseconds: `key`, which finds the Event, is the
 * middle of that number, so that Events of one time lie together in its index; `high` and `low` are the digits around it.
 * Events of other names have a hash of their identity for their key, and their names are stored in full.
 */
export interface EventKey {
  /** 32 bits, signed. */
  readonly key: number;
  /** OBJECT; undefined for other names. */
  readonly prefix: string | undefined;
  readonly high: number;
  readonly low: number;
}

const LOW_DIGITS = 4;
const KEY_DIGITS = 8;
const MOST_DIGITS = 16;
const DOT = 46;
const ZERO = 48;

export function keyOfEvent(event: Event): EventKey {
  const { name } = event;
  const parts = [0, 0, 0];
  let digits = 0;
  for (let at = name.length - 1; at > 0; at--, digits++) {
    const code = name.charCodeAt(at);
    if (code === DOT) {
      if (digits <= LOW_DIGITS + KEY_DIGITS || name.charCodeAt(at + 1) === ZERO) break;
      const [low = 0, key = 0, high = 0] = parts;
      return { key: key | 0, prefix: name.slice(0, at), high, low };
    }
    const digit = hexDigit(code);
    if (digit < 0 || digits === MOST_DIGITS) break;
    const part = digits < LOW_DIGITS ? 0 : digits < LOW_DIGITS + KEY_DIGITS ? 1 : 2;
    const place = part === 0 ? digits : part === 1 ? digits - LOW_DIGITS : digits - LOW_DIGITS - KEY_DIGITS;
    parts[part] = (parts[part] ?? 0) + digit * (POWERS[place] ?? 0);
  }
  return { key: hashText(identify(event)), prefix: undefined, high: 0, low: 0 };
}

const POWERS = Array.from({ length: KEY_DIGITS }, (_, place) => 16 ** place);

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/** The name again. */
export function nameOfKey(prefix: string, high: number, key: number, low: number): string {
  return `${prefix}.${high.toString(16)}${padHex(key >>> 0, KEY_DIGITS)}${padHex(low, LOW_DIGITS)}`;
}

function padHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
