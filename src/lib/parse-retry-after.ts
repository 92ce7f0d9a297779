import { MILLISECOND, type Micros, type MicrosLength, SECOND } from './time.ts';

/**
 * How long a `Retry-After` header asks to wait: a number of seconds, or a date (RFC 9110, 10.2.3); undefined when it says neither.
 *
 * @param now the time that a date is counted from
 */
export function parseRetryAfter(header: string | undefined, now: Micros): MicrosLength | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * SECOND;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date * MILLISECOND - now);
}
