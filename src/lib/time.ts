/** Microseconds since the Unix epoch: the one unit of time in Hark, exact for every Kubernetes timestamp and safe in a double until the year 2255. */
export type Micros = number & { readonly __unit?: 'microseconds since the epoch' };

/** A length of time in microseconds. */
export type MicrosLength = number & { readonly __unit?: 'microseconds' };

export const MILLISECOND: MicrosLength = 1_000;
export const SECOND: MicrosLength = 1_000_000;
export const MINUTE: MicrosLength = 60 * SECOND;
export const HOUR: MicrosLength = 60 * MINUTE;
export const DAY: MicrosLength = 24 * HOUR;

/** The wall clock now, to the millisecond. Only `bin/` and `listen/` may call it; everything else is handed a time. */
export function wallClock(): Micros {
  return Date.now() * MILLISECOND;
}
