import type { Micros } from '../../lib/time.ts';
import { type Draft, walkDrafts } from './draft.ts';
import { type Plot, plotFrom } from './plot.ts';
import type { Workload } from './workload.ts';

/** Ends the trouble of a rollout that got stuck where the next one begins: what is said of the progress from then on is about that one. */
export function endStuck(workload: Workload, plots: readonly Plot[]): void {
  const stuck = workload.others.flatMap((told) =>
    told.troubles.filter((trouble) => trouble.topic === 'rollout'),
  );
  for (const trouble of stuck) {
    const [first, last] = [trouble.atoms[0], trouble.atoms.at(-1)];
    const draft = first === undefined ? undefined : workload.draftOf.get(first);
    const nextAt = draft === undefined ? undefined : findNext(plots, draft);
    if (draft === undefined || last === undefined || nextAt === undefined || nextAt < last.at) continue;
    if (trouble.endedAt !== undefined && trouble.endedAt < nextAt) continue;
    trouble.endedAt = nextAt;
    trouble.ended = 'gone';
    draft.endsAt = nextAt;
    draft.outcome = 'failed';
  }
}

/** When the rollout after the one that tells of a step began. */
function findNext(plots: readonly Plot[], draft: Draft): Micros | undefined {
  const index = plots.findIndex((plot) => walkDrafts(plot.drafts).includes(draft));
  if (index < 0) return undefined;
  const next = plots.slice(index + 1).find((plot) => plot.kind === 'rollout' || plot.kind === 'deletion');
  return next === undefined ? undefined : (next.root?.at ?? plotFrom(next));
}
