import { HarkError } from './errors.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, type MicrosLength, SECOND } from './time.ts';

const UNITS: Readonly<Record<string, MicrosLength>> = {
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
};

const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/y;

/**
 * Reads a duration as Hark writes it: `90s`, `15m`, `2h`, `7d`, or several parts together, `1h30m`; also `ms` and `w`, and decimals (`1.5h`).
 *
 * @param text what the user typed
 * @param what the flag or field it was typed for, named in the error: `--since`
 * @returns the length in microseconds, never negative
 * @throws HarkError `usage` when it is no duration
 */
export function parseDuration(text: string, what: string): MicrosLength {
  const length = readDuration(text.trim());
  if (length !== undefined) return length;
  throw new HarkError(
    'usage',
    `${what} "${text}" is no duration: a number with a unit (s, m, h, d) is wanted`,
    {
      hint: `For example: ${what} 90s, ${what} 15m, ${what} 1h30m, ${what} 7d`,
    },
  );
}

/** As `parseDuration`, but undefined when `text` is no duration. */
export function readDuration(text: string): MicrosLength | undefined {
  let total = 0;
  PART.lastIndex = 0;
  for (;;) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    const [part, digits, unit] = match;
    total += Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN);
    if (match.index + part.length === text.length)
      return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
  }
}
