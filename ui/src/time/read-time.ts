import { parseTime } from '../../../src/lib/rfc3339.ts';
import type { Micros } from '../../../src/lib/time.ts';

/** A time as the API writes it; 0 when it is none. */
export function readTime(text: string | null | undefined): Micros {
  return (text && parseTime(text)) || 0;
}
