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
  let low = 0;
  let key = 0;
  let high = 0;
  for (let at = name.length - 1, digits = 0; at > 0 && digits <= MOST_DIGITS; at--, digits++) {
    const code = name.charCodeAt(at);
    if (code === DOT) {
      if (digits <= LOW_DIGITS + KEY_DIGITS || name.charCodeAt(at + 1) === ZERO) break;
      return { key, prefix: name.slice(0, at), high, low };
    }
    const digit = hexDigit(code);
    if (digit < 0) break;
    if (digits < LOW_DIGITS) low |= digit << (4 * digits);
    else if (digits < LOW_DIGITS + KEY_DIGITS) key |= digit << (4 * (digits - LOW_DIGITS));
    else high |= digit << (4 * (digits - LOW_DIGITS - KEY_DIGITS));
  }
  return { key: hashText(identify(event)), prefix: undefined, high: 0, low: 0 };
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/** The name again. */
export function nameOfKey(prefix: string, high: number, key: number, low: number): string {
  return `${prefix}.${high.toString(16)}${padHex(key >>> 0, 16 ** KEY_DIGITS)}${padHex(low, 16 ** LOW_DIGITS)}`;
}

function padHex(value: number, limit: number): string {
  return (value + limit).toString(16).slice(1);
}
