import { displayWidth } from '../lib/display-width.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { SECOND } from '../lib/time.ts';
import type { FeedState, Tally } from './tally-reports.ts';

const STATES: readonly FeedState[] = ['listening', 'catching up', 'connecting', 'waiting', 'failed'];

/**
 * The one line that shows how the listening goes, at most `columns` wide: `prod listening · 1,204 Events, 32 repeats · 12/s · 0s behind · 1 gap`.
 *
 * @param rate Events heard per second, lately
 */
export function formatProgress(tally: Tally, rate: number, columns: number): string {
  const parts = [
    formatStates(tally.feeds),
    ...(tally.storeFailing ? ['store cannot be written'] : []),
    `${count(tally.added, 'Event')}, ${count(tally.repeated, 'repeat')}${formatObjects(tally)}`,
    `${rate < 10 ? trimZero(rate.toFixed(1)) : group(Math.round(rate))}/s`,
    ...(tally.lag === undefined || rate === 0 ? [] : [`${group(Math.floor(tally.lag / SECOND))}s behind`]),
    tally.gaps === 0 ? 'no gaps' : count(tally.gaps, 'gap'),
  ];
  return fit(makeSafe(parts.join(' · ')), columns);
}

/** What the log says now and then, and at the end: `heard 1,240: 1,204 new Events, 32 repeats, no gaps`. */
export function formatTotals(tally: Tally): string {
  const gaps = tally.gaps === 0 ? 'no gaps' : count(tally.gaps, 'gap');
  return `heard ${group(tally.heard)}: ${count(tally.added, 'new Event')}, ${count(tally.repeated, 'repeat')}${formatObjects(tally)}, ${gaps}`;
}

function formatObjects({ objects, changes }: Tally): string {
  return objects + changes === 0 ? '' : `, ${count(objects, 'object')}, ${count(changes, 'change')}`;
}

function formatStates(feeds: ReadonlyMap<string, FeedState>): string {
  const [only] = feeds;
  if (only !== undefined && feeds.size === 1) return `${only[0]} ${only[1]}`;
  const states = [...feeds.values()];
  const counted = STATES.map((state) => [states.filter((one) => one === state).length, state] as const);
  const shown = counted.filter(([number]) => number > 0).map(([number, state]) => `${number} ${state}`);
  return `${feeds.size} clusters: ${shown.join(', ')}`;
}

function count(number: number, noun: string): string {
  return `${group(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function group(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}

function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const characters = [...text];
  while (characters.length > 0 && displayWidth(characters.join('')) > columns - 1) characters.pop();
  return `${characters.join('')}…`;
}
