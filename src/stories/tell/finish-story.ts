import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import type { Story, Trouble } from '../story.ts';
import type { Atom } from './atom.ts';
import { compareDrafts, type Draft, draftOf, firstAt, objectOf, originOf, walkDrafts } from './draft.ts';
import { endStuck } from './end-stuck.ts';
import { finishStep } from './finish-step.ts';
import { finishTrouble } from './finish-troubles.ts';
import type { OpenTrouble } from './follow-matters.ts';
import { isSevere, keepsFailing, outcomeOf } from './judge-outcome.ts';
import { deletingAt } from './life.ts';
import { type Plot, plotTo } from './plot.ts';
import { sayRemains } from './say-remains.ts';
import { type Causes, seatCauses } from './seat-causes.ts';
import { seatGuests } from './seat-guest.ts';
import { stableId } from './stable-id.ts';
import { summarize } from './summarize-story.ts';
import { titleOf } from './title-story.ts';
import type { Workload } from './workload.ts';

/** What befell a Pod through its Node, to be told in the Node's story. */
export interface Guest {
  readonly node: string;
  readonly drafts: readonly Draft[];
  readonly troubles: readonly Trouble[];
}

export interface Finished {
  readonly stories: readonly Story[];
  readonly guests: readonly Guest[];
}

/**
 * Makes the stories that plots came to be; of one workload, in the order they began.
 *
 * @param causes what is known of changes elsewhere
 * @param guests what to tell along with a Node's troubles
 */
export function finishStories(
  workload: Workload,
  plots: readonly Plot[],
  isInferred: boolean,
  causes: Causes,
  guests: readonly Guest[] = [],
): Finished {
  endStuck(workload, plots);
  const troublesOf = shareTroubles(workload, plots);
  const own = plots.filter((plot) => plot.guestOf === '');
  seatGuests(guests, own, troublesOf);
  const ids = own.map((plot) => idOf(workload.top, plot));
  for (const [index, plot] of own.entries()) {
    const troubles = troublesOf.get(plot)?.sort(compareTroubles) ?? [];
    troublesOf.set(plot, seatCauses(plot, troubles, ids[index] ?? '', causes));
  }
  for (const plot of own)
    if (plot.kind === 'activity' && troublesOf.get(plot)?.some(isSevere) === true) plot.kind = 'incident';
  return {
    stories: own.map((plot, index) =>
      finishStory(workload, plot, {
        id: ids[index] ?? '',
        later: own.slice(index + 1),
        troubles: troublesOf.get(plot) ?? [],
        isInferred,
      }),
    ),
    guests: plots
      .filter((plot) => plot.guestOf !== '')
      .map((plot) => ({ node: plot.guestOf, drafts: plot.drafts, troubles: troublesOf.get(plot) ?? [] })),
  };
}

/** What is known of a story beside its plot. */
interface Known {
  readonly id: string;
  /** The stories of the same workload that began after it. */
  readonly later: readonly Plot[];
  readonly troubles: readonly Trouble[];
  readonly isInferred: boolean;
}

function finishStory(workload: Workload, plot: Plot, { id, later, troubles, isInferred }: Known): Story {
  const { root, drafts } = plot;
  const steps = drafts.map((draft) => finishStep(draft));
  const rootStep = root === undefined ? undefined : finishStep(draftOf(root));
  const from =
    root !== undefined && plot.kind !== 'deletion'
      ? root.at
      : plot.drafts.reduce(
          (first, draft) => Math.min(first, firstAt(draft)),
          root?.at ?? Number.POSITIVE_INFINITY,
        );
  const lastAt = Math.max(plotTo(plot), root?.at ?? Number.NEGATIVE_INFINITY);
  const isGone = workload.topLife !== undefined && deletingAt(workload.topLife) !== undefined;
  const outcome = outcomeOf(plot, steps, troubles, later, isGone || workload.namespaceEnd !== undefined);
  const isOpen =
    outcome === 'in progress' || (outcome === 'failed' && plot.kind !== 'run' && troubles.some(keepsFailing));
  return {
    id,
    kind: plot.kind,
    object: workload.topLife?.object ?? workload.top,
    owner: workload.owner?.id,
    ownerGone: workload.owner?.isGone === true,
    inferred: isInferred,
    title: titleOf(plot, troubles, workload.owner?.id),
    root: rootStep,
    steps,
    outcome,
    summary: summarize(plot, outcome, troubles, later),
    notes: sayRemains(workload, plot, outcome, isOpen),
    from,
    lastAt,
    // Clocks may put the end of what was made before its making.
    endsAt: isOpen ? undefined : Math.max(from, endOf(plot, lastAt)),
    troubles,
    objects: objectsOf(workload.topLife?.object ?? workload.top, drafts),
  };
}

/** By the first step that is an Event: it stays the first when changes become known. */
function idOf(top: ObjectId, plot: Plot): string {
  let told: Draft | undefined;
  for (const draft of walkDrafts(plot.drafts))
    if (draft.atoms[0]?.event !== undefined && (told === undefined || compareDrafts(draft, told) < 0))
      told = draft;
  const anchor =
    told ??
    plot.drafts.find((draft) => draft.told === undefined) ??
    (plot.root === undefined ? undefined : draftOf(plot.root));
  return stableId(
    `${top.cluster}/${top.kind}/${top.namespace}/${top.name}#${anchor === undefined ? '' : originOf(anchor)}`,
  );
}

/** Gives each trouble to the story in which it is told first. */
function shareTroubles(workload: Workload, plots: readonly Plot[]): Map<Plot, Trouble[]> {
  const shared = new Map<Plot, Trouble[]>();
  const troubled = [...workload.others, ...workload.pods].filter((told) => told.troubles.length > 0);
  if (troubled.length === 0) return shared;
  const plotOf = new Map<Draft, Plot>();
  for (const plot of plots) for (const draft of walkDrafts(plot.drafts)) plotOf.set(draft, plot);
  for (const { troubles } of troubled) {
    for (const open of troubles) {
      const drafts = draftsOf(workload, open);
      const [first] = drafts;
      const plot = first === undefined ? undefined : plotOf.get(first);
      const trouble = plot === undefined ? undefined : finishTrouble(open, drafts);
      if (plot === undefined || trouble === undefined) continue;
      const known = shared.get(plot);
      if (known === undefined) shared.set(plot, [trouble]);
      else known.push(trouble);
    }
  }
  for (const troubles of shared.values()) troubles.sort(compareTroubles);
  return shared;
}

function draftsOf(workload: Workload, trouble: OpenTrouble): Draft[] {
  const drafts = trouble.atoms.map((atom: Atom) => workload.draftOf.get(atom));
  return [...new Set(drafts)].filter((draft) => draft !== undefined);
}

function compareTroubles(a: Trouble, b: Trouble): number {
  return a.firstAt - b.firstAt || (`${a.object.name}${a.failure}` < `${b.object.name}${b.failure}` ? -1 : 1);
}

/** When the last of its steps had finished; a run is over when its Job says so, whatever is cleaned up later. */
function endOf(plot: Plot, lastAt: Micros): Micros {
  let end = lastAt;
  for (const draft of walkDrafts(plot.drafts)) {
    if (draft.atoms[0]?.reason.topic === 'run') return draft.atoms[0].at;
    // A condition may be mended only by what comes next.
    if (draft.atoms[0]?.change === undefined && !draft.isMinor) end = Math.max(end, draft.endsAt ?? 0);
  }
  return end;
}

function objectsOf(top: ObjectId, drafts: readonly Draft[]): ObjectId[] {
  const objects = new Map<string, ObjectId>([[keyOf(top), top]]);
  // Most are the very same, few the same in other words.
  const seen = new Set([top]);
  for (const draft of walkDrafts(drafts)) {
    const object = objectOf(draft);
    if (object === undefined || seen.has(object)) continue;
    seen.add(object);
    if (!objects.has(keyOf(object))) objects.set(keyOf(object), object);
  }
  return [...objects.values()];
}

function keyOf(object: ObjectId): string {
  return `${object.kind}/${object.namespace}/${object.name}/${object.kind === 'Node' ? '' : object.uid}`;
}
