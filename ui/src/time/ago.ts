import { type Micros, SECOND } from '../../../src/lib/time.ts';
import { formatLength } from './format-length.ts';

/** What times are told from when they are told by how long ago they were. */
export interface Ago {
  readonly from: Micros;
  /** `end`: of a record that nothing is added to, for which the clock says nothing. */
  readonly is: 'now' | 'end';
}

/** `4m 12s ago`, `in 3s`, `now`; of a record that stands still `4m 12s before the end`, `at the end`. */
export function formatAgo(at: Micros, { from, is }: Ago): string {
  const seconds = Math.trunc((from - at) / SECOND);
  const length = formatLength(Math.abs(seconds) * SECOND);
  if (is === 'end')
    return seconds === 0 ? 'at the end' : `${length} ${seconds > 0 ? 'before' : 'after'} the end`;
  if (seconds === 0) return 'now';
  return seconds > 0 ? `${length} ago` : `in ${length}`;
}
