import { formatMicroTime } from '../../../src/lib/rfc3339.ts';
import { type Micros, SECOND } from '../../../src/lib/time.ts';
import { formatAgo } from './ago.ts';
import { formatDate, formatDayOfYear, formatMoment, formatTimeOfDay, formatZone } from './format-clock.ts';
import { useTelling } from './tell-times.tsx';
import type { TimeZone } from './time-zone.ts';

const FORMS = {
  /** `Mon 23 Nov 2026, 16:25:04.250` */
  moment: formatMoment,
  /** `Mon 23 Nov 2026 16:25:04` */
  second: (at: Micros, zone: TimeZone) => `${formatDate(at, zone)} ${formatTimeOfDay(at, zone)}`,
  /** `23 Nov 16:25:04` */
  day: (at: Micros, zone: TimeZone) => `${formatDayOfYear(at, zone)} ${formatTimeOfDay(at, zone)}`,
  /** `16:25:04`, or `16:25:04.250` where that is known */
  time: (at: Micros, zone: TimeZone) => formatTimeOfDay(at, zone, at % SECOND === 0 ? 0 : 3),
} as const;

interface TimeTextProps {
  readonly at: Micros;
  readonly zone: TimeZone;
  /** How a clock tells it. Default `moment`. */
  readonly form?: keyof typeof FORMS;
}

/** A time as the view tells times; how it would be told otherwise, to who points at it. */
export function TimeText({ at, zone, form = 'moment' }: TimeTextProps) {
  const { by, ago } = useTelling();
  const exact = `${formatMoment(at, zone)} ${formatZone(at, zone)}`;
  const length = formatAgo(at, ago);
  return (
    <time dateTime={formatMicroTime(at)} title={by === 'ago' ? exact : `${exact} · ${length}`}>
      {by === 'ago' ? length : FORMS[form](at, zone)}
    </time>
  );
}
