import type { Micros } from '../../lib/time.ts';
import type { Story } from '../story.ts';
import { formatLength } from './format-times.ts';

/** How a story came out, in one line: `failing for 17h: image "example" can't be pulled`. Empty when there is nothing to say. */
export function sayOutcome(story: Story, now: Micros): string {
  const { outcome, from, endsAt, kind } = story;
  const summary = withoutTitle(story);
  const because = summary === '' ? '' : `: ${summary}`;
  if (outcome === 'failed') {
    if (endsAt === undefined)
      return `failing for ${formatLength(Math.max(0, now - failingSince(story)))}${because}`;
    return `failed after ${formatLength(endsAt - from)}${because}`;
  }
  if (outcome === 'in progress') return `in progress for ${formatLength(Math.max(0, now - from))}${because}`;
  if (outcome !== 'succeeded') return summary;
  const took = (endsAt ?? from) - from;
  const isOver = took > 0 && kind !== 'activity';
  const done = isOver ? `${kind === 'incident' ? 'healed after' : 'done in'} ${formatLength(took)}` : '';
  return [done, summary].filter((part) => part !== '').join('; ');
}

/** The title of an incident says what went wrong already. */
function withoutTitle({ summary, title }: Story): string {
  if (!summary.includes(title)) return summary;
  const rest = summary.replace(title, '').replace(/^healed: $|^; /, '');
  return rest;
}

/** Since when it has been failing: the earliest of what still is. */
export function failingSince(story: Story): Micros {
  const open = story.troubles.filter(
    (trouble) => trouble.endedAt === undefined && trouble.severity !== 'notice',
  );
  return open.reduce((first, trouble) => Math.min(first, trouble.firstAt), open[0]?.firstAt ?? story.from);
}
