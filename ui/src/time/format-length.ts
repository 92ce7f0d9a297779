import { DAY, HOUR, MILLISECOND, MINUTE, type MicrosLength, SECOND } from '../../../src/lib/time.ts';

/** A length as people say it, two units at most: `17h 4m`, `4.2s`, `35ms`. */
export function formatLength(length: MicrosLength): string {
  if (length < 0) return `−${formatLength(-length)}`;
  if (length < MILLISECOND) return `${Math.round(length)}µs`;
  if (length < SECOND) return `${Math.round(length / MILLISECOND)}ms`;
  if (length < 10 * SECOND) return `${Math.floor(length / (SECOND / 10)) / 10}s`;
  if (length < MINUTE) return `${Math.floor(length / SECOND)}s`;
  if (length < HOUR) return twoUnits(length, MINUTE, 'm', SECOND, 's');
  if (length < DAY) return twoUnits(length, HOUR, 'h', MINUTE, 'm');
  return twoUnits(length, DAY, 'd', HOUR, 'h');
}

function twoUnits(length: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((length % big) / small);
  return `${Math.floor(length / big)}${bigName}${rest === 0 ? '' : ` ${rest}${smallName}`}`;
}
