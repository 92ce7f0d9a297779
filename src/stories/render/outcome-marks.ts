import type { Style } from '../../lib/ansi-style.ts';
import type { Outcome, Step } from '../story.ts';

type Paint = (text: string) => string;

/** The sign of an outcome, one column wide. */
export const MARKS: Readonly<Record<Outcome, string>> = {
  succeeded: '✓',
  failed: '✗',
  'in progress': '…',
  superseded: '↷',
  unknown: '?',
};

export function paintOutcome(outcome: Outcome, style: Style): Paint {
  if (outcome === 'failed') return style.red;
  if (outcome === 'succeeded') return style.green;
  return outcome === 'in progress' ? style.cyan : style.dim;
}

/** The sign before a step: only where something went wrong, goes on or was cut short. */
export function markOf(step: Step): string {
  const isWrong = step.severity === 'error' || step.severity === 'warning';
  if (step.outcome === 'failed' && (isWrong || step.steps.length > 0)) return MARKS.failed;
  if (isWrong) return '!';
  return step.outcome === 'in progress' ? MARKS['in progress'] : ' ';
}

export function paintStep(step: Step, style: Style): Paint {
  const mark = markOf(step);
  if (mark === MARKS.failed && step.severity !== 'info') return style.red;
  if (mark === '!') return style.yellow;
  return step.source === 'inferred' ? style.dim : keep;
}

function keep(text: string): string {
  return text;
}
