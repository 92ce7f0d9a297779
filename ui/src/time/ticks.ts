import {
  DAY,
  HOUR,
  MILLISECOND,
  MINUTE,
  type Micros,
  type MicrosLength,
  SECOND,
} from '../../../src/lib/time.ts';
import {
  formatDate,
  formatDay,
  formatFraction,
  formatMinute,
  formatMonth,
  formatMonthName,
  formatTimeOfDay,
  formatYear,
} from './format-clock.ts';
import { stepCalendar } from './step-calendar.ts';
import type { TimeScale } from './time-scale.ts';
import { fromClock, type TimeZone, toClock } from './time-zone.ts';

export interface Tick {
  readonly at: Micros;
  readonly label: string;
}

export interface Ticks {
  /** Ascending, at equal steps of the clock; all in the window. */
  readonly ticks: readonly Tick[];
  /** What the ticks' labels leave out, from where it holds: the date of times, the month of days; the first one holds at the window's start. */
  readonly contexts: readonly Tick[];
}

type Unit = 'fraction' | 'second' | 'minute' | 'day' | 'month' | 'year';

interface Step {
  readonly unit: Unit;
  /** Length of time; of months and years their number. */
  readonly size: number;
  readonly about: MicrosLength;
}

const MONTH = 30.4 * DAY;
const YEAR = 365.25 * DAY;

const STEPS: readonly Step[] = [
  ...[0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) =>
    fixed('fraction', n * MILLISECOND),
  ),
  ...[1, 2, 5, 10, 15, 30].map((n) => fixed('second', n * SECOND)),
  ...[1, 2, 5, 10, 15, 30].map((n) => fixed('minute', n * MINUTE)),
  ...[1, 2, 3, 6, 12].map((n) => fixed('minute', n * HOUR)),
  ...[1, 2, 7].map((n) => fixed('day', n * DAY)),
  ...[1, 3, 6].map((n): Step => ({ unit: 'month', size: n, about: n * MONTH })),
  ...[1, 2, 5].map((n): Step => ({ unit: 'year', size: n, about: n * YEAR })),
];

/** What a label of the usual size and the free space beside it take at least, in pixels. */
const ROOM: Readonly<Record<Unit, number>> = {
  fraction: 78,
  second: 84,
  minute: 66,
  day: 66,
  month: 56,
  year: 60,
};

/**
 * Where the axis is marked, as densely as the labels leave room.
 *
 * @param size how large the labels are beside the usual ones
 */
export function placeTicks(scale: TimeScale, zone: TimeZone, size = 1): Ticks {
  const step =
    STEPS.find(({ unit, about }) => about / scale.perPixel >= ROOM[unit] * size) ?? (STEPS.at(-1) as Step);
  const ticks = marksOf(scale, zone, step).map((at) => ({ at, label: labelOf(at, zone, step) }));
  return { ticks, contexts: contextsOf(scale, zone, step.unit) };
}

function fixed(unit: Unit, size: MicrosLength): Step {
  return { unit, size, about: size };
}

function marksOf({ window }: TimeScale, zone: TimeZone, step: Step): Micros[] {
  const marks: Micros[] = [];
  for (let clock = floorTo(toClock(window.from, zone), step); ; clock = stepOn(clock, step)) {
    const at = fromClock(clock, zone);
    if (at > window.to) return marks;
    if (at >= window.from && at !== marks.at(-1)) marks.push(at);
  }
}

function floorTo(clock: Micros, { unit, size }: Step): Micros {
  if (unit === 'month' || unit === 'year') return stepCalendar(clock, unit, size, 0);
  // Weeks begin on Mondays; the epoch was a Thursday.
  const shift = size === 7 * DAY ? 4 * DAY : 0;
  return Math.floor((clock - shift) / size) * size + shift;
}

function stepOn(clock: Micros, { unit, size }: Step): Micros {
  return unit === 'month' || unit === 'year' ? stepCalendar(clock, unit, size, 1) : clock + size;
}

function labelOf(at: Micros, zone: TimeZone, { unit, size }: Step): string {
  switch (unit) {
    case 'fraction':
      return (
        formatTimeOfDay(at, zone).slice(6) + formatFraction(toClock(at, zone), size < MILLISECOND ? 6 : 3)
      );
    case 'second':
      return formatTimeOfDay(at, zone);
    case 'minute':
      return formatMinute(at, zone);
    case 'day':
      return formatDay(at, zone);
    case 'month':
      return formatMonthName(at, zone);
    case 'year':
      return formatYear(at, zone);
  }
}

function contextsOf(scale: TimeScale, zone: TimeZone, unit: Unit): Tick[] {
  const { window } = scale;
  if (unit === 'year') return [];
  const step = CONTEXT_STEPS[unit];
  const marks = marksOf(scale, zone, step);
  const starts = marks[0] === window.from ? marks : [window.from, ...marks];
  return starts.map((at) => ({ at, label: contextOf(at, zone, unit) }));
}

const CONTEXT_STEPS: Readonly<Record<Exclude<Unit, 'year'>, Step>> = {
  fraction: fixed('minute', MINUTE),
  second: fixed('day', DAY),
  minute: fixed('day', DAY),
  day: { unit: 'month', size: 1, about: MONTH },
  month: { unit: 'year', size: 1, about: YEAR },
};

function contextOf(at: Micros, zone: TimeZone, unit: Exclude<Unit, 'year'>): string {
  if (unit === 'fraction') return `${formatDate(at, zone)}, ${formatMinute(at, zone)}`;
  if (unit === 'day') return formatMonth(at, zone);
  return unit === 'month' ? formatYear(at, zone) : formatDate(at, zone);
}
