import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import type { Outcome, Step, Story, Trouble } from '../story.ts';
import type { Atom } from './atom.ts';
import { compareDrafts, type Draft, draftOf, firstAt, objectOf, originOf, walkDrafts } from './draft.ts';
import { endStuck } from './end-stuck.ts';
import { finishStep } from './finish-step.ts';
import { finishTrouble } from './finish-troubles.ts';
import type { OpenTrouble } from './follow-matters.ts';
import { deletingAt } from './life.ts';
import { type Plot, plotTo } from './plot.ts';
import { sayRemains } from './say-remains.ts';
import { sayStep } from './say-step.ts';
import { type Causes, seatCauses } from './seat-causes.ts';
import { seatGuests } from './seat-guest.ts';
import { worstOf } from './settle-plots.ts';
import { stableId } from './stable-id.ts';
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
  for (const plot of own) {
    const troubles = troublesOf.get(plot)?.sort(compareTroubles) ?? [];
    troublesOf.set(plot, seatCauses(plot, troubles, idOf(workload.top, plot), causes));
  }
  for (const plot of own)
    if (plot.kind === 'activity' && troublesOf.get(plot)?.some(isSevere) === true) plot.kind = 'incident';
  return {
    stories: own.map((plot, index) =>
      finishStory(workload, plot, own.slice(index + 1), troublesOf.get(plot) ?? [], isInferred),
    ),
    guests: plots
      .filter((plot) => plot.guestOf !== '')
      .map((plot) => ({ node: plot.guestOf, drafts: plot.drafts, troubles: troublesOf.get(plot) ?? [] })),
  };
}

function finishStory(
  workload: Workload,
  plot: Plot,
  later: readonly Plot[],
  troubles: readonly Trouble[],
  isInferred: boolean,
): Story {
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
    id: idOf(workload.top, plot),
    kind: plot.kind,
    object: workload.topLife?.object ?? workload.top,
    owner: workload.owner,
    inferred: isInferred,
    title: titleOf(plot, troubles, workload.owner),
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
  const plotOf = new Map<Draft, Plot>();
  if (![...workload.others, ...workload.pods].some((told) => told.troubles.length > 0)) return new Map();
  for (const plot of plots) for (const draft of walkDrafts(plot.drafts)) plotOf.set(draft, plot);
  const shared = new Map<Plot, Trouble[]>();
  for (const told of [...workload.others, ...workload.pods]) {
    for (const open of told.troubles) {
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

export function isOpenTrouble(trouble: Trouble): boolean {
  return trouble.endedAt === undefined && isSevere(trouble);
}

/** What happens at once and is over is a hint at what follows, no failing. */
function keepsFailing(trouble: Trouble): boolean {
  return isOpenTrouble(trouble) && !AT_ONCE.has(trouble.failure);
}

const AT_ONCE: ReadonlySet<string> = new Set(['node-oom']);

function isSevere(trouble: Trouble): boolean {
  return trouble.severity === 'error' || trouble.severity === 'warning';
}

function outcomeOf(
  plot: Plot,
  steps: readonly Step[],
  troubles: readonly Trouble[],
  later: readonly Plot[],
  isGone: boolean,
): Outcome {
  if (plot.kind === 'run') return outcomeOfRun(plot, steps, troubles, later, isGone);
  if (troubles.some(keepsFailing)) return 'failed';
  if (plot.kind === 'incident') return outcomeOfIncident(troubles);
  if (plot.kind === 'activity' || plot.kind === 'deletion')
    return worstOf(steps.map((step) => step.outcome).filter((outcome) => outcome !== 'unknown'));
  const outcomes = steps.filter((step) => step.reason !== 'Killing').map((step) => step.outcome);
  if (outcomes.includes('failed')) return 'failed';
  const isReplaced = later.some((other) => other.kind === 'rollout' || other.kind === 'deletion');
  if (outcomes.includes('superseded') && isReplaced) return 'superseded';
  return worstOf(outcomes);
}

function outcomeOfIncident(troubles: readonly Trouble[]): Outcome {
  const severe = troubles.filter(isSevere);
  if (severe.some((trouble) => trouble.ended === 'gone')) return 'failed';
  return severe.some((trouble) => trouble.ended === 'silent') ? 'unknown' : 'succeeded';
}

/** A Job says itself how its run came out, whatever became of its Pods. */
function outcomeOfRun(
  plot: Plot,
  steps: readonly Step[],
  troubles: readonly Trouble[],
  later: readonly Plot[],
  isGone: boolean,
): Outcome {
  for (const draft of walkDrafts(plot.drafts)) {
    const { topic, does } = draft.atoms[0]?.reason ?? {};
    if (topic === 'run' && does === 'ends') return 'succeeded';
    if (topic === 'run' && does === 'fails') return 'failed';
    const { claim } = draft.atoms[0] ?? {};
    if (claim?.does === 'sees-done')
      return /fail/i.test(draft.atoms[0]?.message ?? '') ? 'failed' : 'succeeded';
  }
  if (isCutShort(plot)) return 'superseded';
  const worst = worstOf(steps.map((step) => step.outcome));
  if (isGone) return worst === 'failed' ? 'failed' : 'superseded';
  if (later.length > 0) return worst;
  return worst === 'failed' && !isTriedAgain(troubles) ? 'failed' : 'in progress';
}

/** A single crash is what a Job retries. */
function isTriedAgain(troubles: readonly Trouble[]): boolean {
  const open = troubles.filter(isOpenTrouble);
  return open.length > 0 && open.every((trouble) => trouble.failure === 'crashed' && trouble.count === 1);
}

function isCutShort(plot: Plot): boolean {
  for (const draft of walkDrafts(plot.drafts)) {
    const { claim } = draft.atoms[0] ?? {};
    if (claim?.does === 'deletes' && claim.kind === 'Job') return true;
  }
  return plot.root?.change?.type === 'deleted';
}

function summarize(
  plot: Plot,
  outcome: Outcome,
  troubles: readonly Trouble[],
  later: readonly Plot[],
): string {
  const severe = troubles.filter(isSevere);
  const main = severe.find(keepsFailing) ?? severe.find((trouble) => trouble.ended === 'gone') ?? severe[0];
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
