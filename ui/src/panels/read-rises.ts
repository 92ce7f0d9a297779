import type { Micros, MicrosLength } from '../../../src/lib/time.ts';
import type { EventItem } from '../api/answers.ts';
import { readTime } from '../time/read-time.ts';

/** One time that an Event was seen. */
export interface Sighting {
  readonly at: Micros;
  /** Where its counter stood. */
  readonly count: number;
  readonly sincePrevious: MicrosLength | undefined;
}

export function readRises(points: EventItem['points']): Sighting[] {
  const times = points.map(({ at }) => readTime(at));
  return points.map(({ count }, index) => {
    const [at, before] = [times[index] ?? 0, times[index - 1]];
    return { at, count, sincePrevious: before === undefined ? undefined : at - before };
  });
}

/** What an Event said first, and last where that differs. */
export function messagesOf({ event, points }: Pick<EventItem, 'event' | 'points'>): {
  first: string;
  last: string;
} {
  const message = textOf(event, 'message') || textOf(event, 'note');
  const first = points[0]?.message ?? message;
  const last = points.at(-1)?.message ?? message;
  return { first, last: first === last ? '' : last };
}

/** A field of an Event of either form; empty when it is not there. */
export function textOf(event: object, name: string): string {
  const value = (event as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}
