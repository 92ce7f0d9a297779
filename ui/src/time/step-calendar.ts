import { MILLISECOND, type Micros } from '../../../src/lib/time.ts';

/**
 * The start of the month or year that a clock's time lies in, or of one before or after.
 * @param size how many months or years go together, counted from January or the year 0
 * @param by how many such groups later
 */
export function stepCalendar(clock: Micros, unit: 'month' | 'year', size: number, by: number): Micros {
  const date = new Date(Math.floor(clock / MILLISECOND));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const start =
    unit === 'year'
      ? Date.UTC((Math.floor(year / size) + by) * size, 0)
      : Date.UTC(year, (Math.floor(month / size) + by) * size);
  return start * MILLISECOND;
}
