import { HarkError } from './errors.ts';
import { readDuration } from './parse-duration.ts';
import { parseTime as parseRfc3339 } from './rfc3339.ts';
import type { Micros } from './time.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const WITHOUT_SECONDS = /^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2})(?=[Zz+-])/;

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
  return parseRfc3339(DATE.test(text) ? `${text}T00:00:00Z` : text.replace(WITHOUT_SECONDS, '$1:00'));
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
