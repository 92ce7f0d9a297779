import type { Step } from '../stories/story.ts';
import { withoutEmpty } from './object-attributes.ts';
import type { SpanEvent } from './span.ts';

/** The repeats of a step as span events: how many were told together, how many there were by then, and what was said where that is new. */
export function eventsOfRepeats({ occurrences, reason }: Pick<Step, 'occurrences' | 'reason'>): SpanEvent[] {
  let [total, said] = [occurrences[0]?.count ?? 0, occurrences[0]?.message];
  return occurrences.slice(1).map(({ at, count, message }) => {
    total += count;
    const isNew = message !== said;
    said = message;
    return {
      at,
      name: reason || 'repeat',
      attributes: withoutEmpty({
        'k8s.event.count': total,
        'hark.repeats': count === 1 ? undefined : count,
        'k8s.event.message': isNew ? message : undefined,
      }),
    };
  });
}

/** What of many is kept: the first and the latest, half each. */
export function keepEnds<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const half = Math.floor(most / 2);
  return [...items.slice(0, most - half), ...items.slice(items.length - half)];
}
