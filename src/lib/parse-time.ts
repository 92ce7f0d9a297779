import { HarkError } from './errors.ts';
import { readDuration } from './parse-duration.ts';
import { DAY, MILLISECOND, MINUTE, type Micros, SECOND } from './time.ts';

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2})))?$/;

/**
 * Reads a time as users type it: RFC 3339 (`2024-05-01T10:00:00Z`, `2024-05-01T12:00:00.25+02:00`; seconds may be left out), or a date
 * alone (`2024-05-01`), which is its midnight in UTC, as every time of Kubernetes is.
 *
 * @param text what the user typed
 * @param what the flag it was typed for, named in the error: `--now`
 * @throws HarkError `usage` when it is no time
 */
export function parseTime(text: string, what: string): Micros {
  return readTime(text.trim()) ?? failTime(text, what, 'a time');
}

/**
 * Reads a moment: a time as `parseTime` does, or a duration, which means so long before `now`.
 *
 * @throws HarkError `usage` when it is neither
 */
export function parseMoment(text: string, now: Micros, what: string): Micros {
  const trimmed = text.trim();
  const length = readDuration(trimmed);
  return length === undefined
    ? (readTime(trimmed) ?? failTime(text, what, 'a duration or a time'))
    : now - length;
}

/** As `parseTime`, but undefined when `text` is no time. */
export function readTime(text: string): Micros | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, offsetHours, offsetMinutes] = match;
  const midnight = readDate(Number(year), Number(month), Number(day));
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  const [oh, om] = [Number(offsetHours ?? 0), Number(offsetMinutes ?? 0)];
  if (midnight === undefined || h > 23 || m > 59 || s > 60 || oh > 23 || om > 59) return undefined;
  const offset = (oh * 60 + om) * MINUTE * (sign === '-' ? -1 : 1);
  return midnight + (h * 60 + m) * MINUTE + s * SECOND + Number(fraction.padEnd(6, '0').slice(0, 6)) - offset;
}

/** Midnight (UTC) of a day of the calendar, undefined when there is no such day. */
function readDate(year: number, month: number, day: number): Micros | undefined {
  const milliseconds = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(milliseconds);
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && (milliseconds * MILLISECOND) % DAY === 0;
  return exists ? milliseconds * MILLISECOND : undefined;
}

function failTime(text: string, what: string, wanted: string): never {
  const withoutZone = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?$/.test(text.trim());
  const why = withoutZone
    ? 'says no time zone: end it with Z (UTC) or an offset like +02:00'
    : `is not ${wanted}`;
  const example = withoutZone ? `${text.trim()}Z` : '2024-05-01T10:00:00Z';
  const durations = wanted.includes('duration') ? `${what} 15m, ${what} 2h, ` : '';
  throw new HarkError('usage', `${what} "${text}" ${why}`, {
    hint: `For example: ${durations}${what} ${example}`,
  });
}
