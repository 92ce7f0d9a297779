import { DAY, MILLISECOND, type Micros, SECOND } from '../../../src/lib/time.ts';
import { type TimeZone, toClock } from './time-zone.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** `16:25:04`; with 3 or 6 digits `16:25:04.250`. */
export function formatTimeOfDay(at: Micros, zone: TimeZone, digits: 0 | 3 | 6 = 0): string {
  const clock = toClock(at, zone);
  const whole = new Date(Math.floor(clock / MILLISECOND)).toISOString().slice(11, 19);
  return digits === 0 ? whole : `${whole}${formatFraction(clock, digits)}`;
}

/** `16:25`. */
export function formatMinute(at: Micros, zone: TimeZone): string {
  return formatTimeOfDay(at, zone).slice(0, 5);
}

/** `.250` or `.250143`. */
export function formatFraction(at: Micros, digits: 3 | 6): string {
  const fraction = ((at % SECOND) + SECOND) % SECOND;
  return `.${String(fraction).padStart(6, '0').slice(0, digits)}`;
}

/** `Mon 23 Nov 2026`. */
export function formatDate(at: Micros, zone: TimeZone): string {
  return `${formatDay(at, zone)} ${formatMonth(at, zone)}`;
}

/** `Mon 23`. */
export function formatDay(at: Micros, zone: TimeZone): string {
  const date = dateOf(at, zone);
  return `${WEEKDAYS[date.getUTCDay()] ?? ''} ${date.getUTCDate()}`;
}

/** `23 Nov`. */
export function formatDayOfYear(at: Micros, zone: TimeZone): string {
  return `${dateOf(at, zone).getUTCDate()} ${formatMonthName(at, zone)}`;
}

/** `Nov 2026`. */
export function formatMonth(at: Micros, zone: TimeZone): string {
  return `${formatMonthName(at, zone)} ${formatYear(at, zone)}`;
}

export function formatMonthName(at: Micros, zone: TimeZone): string {
  return MONTHS[dateOf(at, zone).getUTCMonth()] ?? '';
}

export function formatYear(at: Micros, zone: TimeZone): string {
  return String(dateOf(at, zone).getUTCFullYear());
}

/** `Mon 23 Nov 2026, 16:25:04.250`: digits as far as they are known. */
export function formatMoment(at: Micros, zone: TimeZone): string {
  const digits = at % SECOND === 0 ? 0 : at % MILLISECOND === 0 ? 3 : 6;
  return `${formatDate(at, zone)}, ${formatTimeOfDay(at, zone, digits)}`;
}

/** `UTC`, or `UTC+2` as the clock stood then. */
export function formatZone(at: Micros, zone: TimeZone): string {
  if (zone.name === 'utc') return 'UTC';
  const minutes = zone.offsetAt(at) / (60 * SECOND);
  if (minutes === 0) return 'UTC±0';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** Whether two times are of the same day of that clock. */
export function sameDay(a: Micros, b: Micros, zone: TimeZone): boolean {
  return Math.floor(toClock(a, zone) / DAY) === Math.floor(toClock(b, zone) / DAY);
}

function dateOf(at: Micros, zone: TimeZone): Date {
  return new Date(Math.floor(toClock(at, zone) / MILLISECOND));
}
