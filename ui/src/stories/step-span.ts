import { SECOND } from '../../../src/lib/time.ts';
import type { StepJson } from '../api/answers.ts';
import { readTime } from '../time/read-time.ts';
import type { TimeWindow } from '../time/time-window.ts';

/** From when to when a step is drawn: as long as it took; what repeats, from its first to its last happening. */
export function stepSpan(step: StepJson, end: number): TimeWindow {
  const at = readTime(step.at);
  if (step.endsAt !== null && step.took !== null) {
    const to = readTime(step.endsAt);
    return { from: to - step.took * SECOND, to: Math.max(to, readTime(step.lastAt)) };
  }
  return { from: at, to: step.outcome === 'in progress' ? end : Math.max(at, readTime(step.lastAt)) };
}
