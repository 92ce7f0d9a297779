import { formatMicroTime } from '../../lib/rfc3339.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, type MicrosLength, SECOND } from '../../lib/time.ts';
import type { Step } from '../story.ts';

/**
 * The time of day, in UTC: `15:34:10.231`, or `15:34:10` where only the second is known; with the date before it when that is another day
 * than `day`.
 */
export function formatClock(at: Micros, precise: boolean, day: Micros): string {
  const text = formatMicroTime(at);
  const clock = text.slice(11, precise ? 23 : 19);
  return Math.floor(at / DAY) === Math.floor(day / DAY) ? clock : `${text.slice(5, 10)} ${clock}`;
}

/** Date and time, in UTC: `2026-11-23 15:34:10`. */
export function formatDate(at: Micros): string {
  return formatMicroTime(at).slice(0, 19).replace('T', ' ');
}

/** A length of time in two figures that count: `0.03s`, `0.9s`, `4.2s`, `14s`, `2m51s`, `17h`. */
export function formatLength(length: MicrosLength): string {
  if (length < MILLISECOND) return '0s';
  if (length < 100 * MILLISECOND)
    return `${trim((length / SECOND).toFixed(length < 10 * MILLISECOND ? 3 : 2))}s`;
  if (length < 9.95 * SECOND) return `${(length / SECOND).toFixed(1)}s`;
  const seconds = Math.round(length / SECOND);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return both(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 10 * 60) return both(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  const hours = Math.round(length / HOUR);
  return hours < 48 ? `${hours}h` : both(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A length that is known to the second only. */
export function formatRoughLength(length: MicrosLength): string {
  return length < MINUTE ? `${Math.max(0, Math.floor(length / SECOND))}s` : formatLength(length);
}

/** How often something happened, and in how long where that is more than a moment: `×4591 over 17h`, `×3`. */
export function sayCount({ count, at, lastAt }: Pick<Step, 'count' | 'at' | 'lastAt'>): string {
  const span = lastAt - at;
  return `×${count}${span < SECOND ? '' : ` over ${formatLength(span)}`}`;
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

function trim(number: string): string {
  return number.replace(/0+$/, '').replace(/\.$/, '');
}
