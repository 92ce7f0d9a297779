import { DAY, HOUR, MINUTE, type MicrosLength, SECOND } from '../lib/time.ts';

const YEAR: MicrosLength = 365 * DAY;

/**
 * Prints a length of time as kubectl does: `45s`, `2m58s`, `7d`, … at most two units, cut off and never rounded.
 * What is a second or more below zero (a clock ahead of ours) is `<invalid>` from two seconds on, else `0s`.
 *
 * The rule is `HumanDuration` of k8s.io/apimachinery, `pkg/util/duration`.
 */
export function formatHumanDuration(length: MicrosLength): string {
  const seconds = Math.trunc(length / SECOND);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const whole = seconds * SECOND;
  if (whole < 2 * MINUTE) return `${seconds}s`;
  if (whole < 10 * MINUTE) return format(whole, MINUTE, 'm', SECOND, 's');
  if (whole < 3 * HOUR) return format(whole, MINUTE, 'm');
  if (whole < 8 * HOUR) return format(whole, HOUR, 'h', MINUTE, 'm');
  if (whole < 2 * DAY) return format(whole, HOUR, 'h');
  if (whole < 8 * DAY) return format(whole, DAY, 'd', HOUR, 'h');
  if (whole < 2 * YEAR) return format(whole, DAY, 'd');
  if (whole < 8 * YEAR) return format(whole, YEAR, 'y', DAY, 'd');
  return format(whole, YEAR, 'y');
}

/** The length in whole units, and what is left of it in the smaller unit, if any and when there is something left. */
function format(
  length: MicrosLength,
  unit: MicrosLength,
  sign: string,
  smaller?: MicrosLength,
  smallerSign = '',
): string {
  const rest = smaller === undefined ? 0 : Math.floor((length % unit) / smaller);
  return `${Math.floor(length / unit)}${sign}${rest === 0 ? '' : `${rest}${smallerSign}`}`;
}
