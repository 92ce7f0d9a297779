import type { Micros } from '../lib/time.ts';
import type { Step, Story } from '../stories/story.ts';

/** When a span began and ended. */
export interface Stretch {
  readonly from: Micros;
  readonly to: Micros;
  /** It goes on: `to` is until when that is known. */
  readonly open: boolean;
}

/**
 * How long a step was, by itself: from its first happening to its latest, or to the end of what it set in motion. What is the end of a wait (a
 * Pod got its Node) begins when the wait began. A step that goes on, or goes on failing, lasts until now; in
 * a story that is over nothing goes on.
 *
 * @param asOf until when the record goes
 */
export function stretchOf(step: Step, story: Pick<Story, 'endsAt'>, asOf: Micros): Stretch {
  const { at, lastAt, endsAt, took, outcome } = step;
  if (endsAt === undefined && took !== undefined) return { from: at - took, to: lastAt, open: false };
  const goesOn = outcome === 'in progress' || outcome === 'failed';
  const open = goesOn && endsAt === undefined && story.endsAt === undefined;
  return { from: at, to: Math.max(lastAt, endsAt ?? lastAt, open ? asOf : lastAt), open };
}

/** Not before its cause, whatever the clocks of two Nodes say, or how roughly a time is known. */
export function notBefore(stretch: Stretch, cause: Micros): Stretch {
  const from = Math.max(stretch.from, cause);
  return { ...stretch, from, to: Math.max(stretch.to, from) };
}

/** From its first beginning, be that of the change or of a step; what is below may make it longer. */
export function stretchOfStory(story: Story, asOf: Micros): Stretch {
  const from = story.steps.reduce((first, step) => Math.min(first, step.at), story.from);
  const open = story.endsAt === undefined;
  return { from, to: Math.max(from, story.lastAt, story.endsAt ?? asOf), open };
}
