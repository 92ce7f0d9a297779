import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from './time.ts';

/** 2255-06-05T23:47:34Z */
const LAST_SECOND: Micros = Math.floor(Number.MAX_SAFE_INTEGER / SECOND) * SECOND;
const ZERO = 48;
const PLUS = 43;
const MINUS = 45;

/**
 * Reads an RFC 3339 time: `2026-11-23T15:28:47Z`, with any fraction, any offset, `t`, `z` or a space as the RFC allows.
 *
 * Digits below a microsecond are cut off. Undefined when it is no such time, the date does not exist, or it lies outside of
 * what `Micros` holds exactly (1684 to 2255).
 */
export function parseTime(text: string): Micros | undefined {
  const micros = parseAnyTime(text);
  return micros !== undefined && Number.isSafeInteger(micros) ? micros : undefined;
}

/** As `parseTime`; but a time later than `Micros` holds is read as the last second that it does, in 2255. */
export function parseTimeOrLast(text: string): Micros | undefined {
  const micros = parseAnyTime(text);
  if (micros !== undefined && micros > Number.MAX_SAFE_INTEGER) return LAST_SECOND;
  return micros !== undefined && Number.isSafeInteger(micros) ? micros : undefined;
}

/** In microseconds, as exactly as a number can tell. */
function parseAnyTime(text: string): number | undefined {
  const day = parseDay(text);
  const separator = text.charCodeAt(10) | 32;
  if (day === undefined || (separator !== 116 && separator !== 32)) return undefined;
  const ofDay = parseTimeOfDay(text);
  if (ofDay === undefined) return undefined;
  const end = endOfFraction(text);
  const offset = parseOffset(text, end);
  if (offset === undefined) return undefined;
  return day * DAY + ofDay + (end > 19 ? parseFraction(text, end) : 0) - offset;
}

/** Prints a time as Kubernetes' `metav1.Time` does: UTC, whole seconds, `2026-11-23T15:28:47Z`. */
export function formatTime(time: Micros): string {
  return `${isoSeconds(time)}Z`;
}

/** Prints a time as Kubernetes' `metav1.MicroTime` does: UTC, always six digits, `2026-11-23T15:28:47.336748Z`. */
export function formatMicroTime(time: Micros): string {
  const fraction = ((time % SECOND) + SECOND) % SECOND;
  return `${isoSeconds(time)}.${String(fraction).padStart(6, '0')}Z`;
}

/** The day that was printed last: times that are printed one after the other are mostly of one day. */
let printed = { day: Number.NaN, text: '' };
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

function isoSeconds(time: Micros): string {
  const day = Math.floor(time / DAY);
  if (printed.day !== day)
    printed = { day, text: new Date((day * DAY) / MILLISECOND).toISOString().slice(0, 11) };
  const second = Math.floor((time - day * DAY) / SECOND);
  const hour = TWO_DIGITS[Math.floor(second / 3600)];
  return `${printed.text}${hour}:${TWO_DIGITS[Math.floor(second / 60) % 60]}:${TWO_DIGITS[second % 60]}`;
}

/** The number of digits' value at `from`, or -1. */
function digits(text: string, from: number, length: number): number {
  let value = 0;
  for (let i = from; i < from + length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days since the epoch of the date that starts the text (the proleptic Gregorian calendar). */
function parseDay(text: string): number | undefined {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return undefined;
  if (text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS || day > daysOfMonth(year, month))
    return undefined;
  const shifted = month > 2 ? year : year - 1;
  const century = Math.floor(shifted / 100);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * shifted + Math.floor(shifted / 4) - century + Math.floor(century / 4) + dayOfYear - 719_468;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function parseTimeOfDay(text: string): number | undefined {
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  return hour * HOUR + minute * MINUTE + second * SECOND;
}

/** Where the fraction that may start at 19 ends. */
function endOfFraction(text: string): number {
  const mark = text.charCodeAt(19);
  if (mark !== 46 && mark !== 44) return 19;
  let end = 20;
  while (digits(text, end, 1) >= 0) end++;
  return end;
}

function parseFraction(text: string, end: number): number {
  const length = Math.min(end - 20, 6);
  return digits(text, 20, length) * 10 ** (6 - length);
}

/** The offset from UTC that is the rest of the text. */
function parseOffset(text: string, from: number): number | undefined {
  if (from === 20) return undefined;
  const sign = text.charCodeAt(from);
  if ((sign | 32) === 122) return text.length === from + 1 ? 0 : undefined;
  if ((sign !== PLUS && sign !== MINUS) || text.length !== from + 6 || text.charCodeAt(from + 3) !== 58)
    return undefined;
  const hour = digits(text, from + 1, 2);
  const minute = digits(text, from + 4, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined;
  return (sign === MINUS ? -1 : 1) * (hour * HOUR + minute * MINUTE);
}
