import type { Outcome, Trouble } from '../story.ts';
import { walkDrafts } from './draft.ts';
import { BESIDE, isSevere, keepsFailing } from './judge-outcome.ts';
import type { Plot } from './plot.ts';
import { sayStep } from './say-step.ts';

/** The reason of a story's outcome in one line; empty when there is nothing to add. */
export function summarize(
  plot: Plot,
  outcome: Outcome,
  troubles: readonly Trouble[],
  later: readonly Plot[],
): string {
  const severe = troubles.filter(isSevere);
  const own = severe.filter(({ object }) => !BESIDE.has(object.kind));
  const main =
    own.find(keepsFailing) ??
    severe.find(keepsFailing) ??
    severe.find((trouble) => trouble.ended === 'gone') ??
    severe[0];
  if (plot.kind === 'run' && outcome === 'failed') return sayRunFailure(plot, severe) || (main?.says ?? '');
  if (outcome === 'failed') return main?.says ?? '';
  if (outcome === 'unknown' && main !== undefined) return `${main.says}; nothing more was heard of it`;
  if (outcome === 'succeeded' && main !== undefined && main.ended === 'healed') return `healed: ${main.says}`;
  if (plot.kind === 'run' && outcome === 'superseded') return 'deleted before it ended';
  const replacedBy = later.find((other) => other.kind === 'rollout' || other.kind === 'deletion');
  if (outcome === 'superseded' && replacedBy !== undefined)
    return `superseded by the next ${replacedBy.kind}`;
  return '';
}

/** `Job has reached the specified backoff limit: container main crashed (exit code 1)`. */
function sayRunFailure(plot: Plot, troubles: readonly Trouble[]): string {
  const because = troubles.find((trouble) => trouble.object.kind === 'Pod')?.says;
  for (const draft of walkDrafts(plot.drafts)) {
    const [atom] = draft.atoms;
    if (atom?.reason.topic === 'run' && atom.reason.does === 'fails')
      return `${sayStep(atom)}${because === undefined ? '' : `: ${because}`}`;
  }
  return '';
}
