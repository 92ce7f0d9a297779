import type { Micros } from '../../lib/time.ts';
import type { Atom } from './atom.ts';
import { clusterLoose, type LoosePart } from './cluster-loose.ts';
import { type Draft, lastOf, walkDrafts } from './draft.ts';
import { type Episode, openEpisode } from './episode.ts';
import { findGuests } from './find-guests.ts';
import { findRoots, ROOTS } from './find-roots.ts';
import { CLOCKS, QUIET, SKEW } from './limits.ts';
import { birthOf, type LooseEnd, placeMembers, takeReplaced } from './place-members.ts';
import { type Plot, plotFrom, plotTo } from './plot.ts';
import { readScaleSteps, type ScaleSteps } from './scale-steps.ts';
import { segmentMaking } from './segment-making.ts';
import { segmentOrdinals } from './segment-ordinals.ts';
import { segmentScaling } from './segment-scaling.ts';
import { settlePlots } from './settle-plots.ts';
import { isEager } from './tell-life.ts';
import { type FramedLife, isControl, type Workload } from './workload.ts';

/** Tells everything of one workload (or of any object without an owner) as stories, in the order they began. */
export function tellWorkload(workload: Workload): Plot[] {
  const roots = findRoots(workload);
  const isBelow = atomsBelow(workload);
  const scales = workload.claims.filter((atom) => atom.claim?.does === 'scales' && !isBelow.has(atom));
  const scaling = scales.length > 0 ? readScaleSteps(scales, workload.draftOf) : undefined;
  const placed = placeMembers(workload, scaling);
  const loose = [...placed.loose];
  const making = (scaling === undefined ? workload.claims : placed.uncalled).filter(
    (atom) => !isBelow.has(atom),
  );
  const episodes =
    workload.top.kind === 'Job'
      ? runOf(workload)
      : [
          ...segmentScaling(scales, roots.isBoundary),
          ...segmentMakers(workload, making, loose, roots.isBoundary),
        ];
  const plots = roots.assign(episodes).map((plot) => ({ ...plot, drafts: draftsOf(workload, plot.episode) }));
  const { guests, own } = findGuests(workload, loose);
  const left = [...joinEnds(plots, own, workload), ...placeOthers(workload, plots, scaling)];
  const clusters = clusterLoose(left);
  roots.assignLoose(clusters);
  plots.push(...clusters);
  roots.joinScalings(plots);
  const told = [...plots, ...roots.unanswered(plots), ...guests];
  told.push(...clusterLoose(findLost(workload, told)));
  settlePlots(workload, told, placed.madeBy);
  return told.sort((a, b) => plotFrom(a) - plotFrom(b));
}

/** All that is said by what was itself made by something of the workload: it is told below that. */
function atomsBelow({ others }: Workload): ReadonlySet<Atom> {
  const below = new Set<Atom>();
  for (const { frame, stretches } of others) {
    if (frame.createdBy === undefined) continue;
    for (const { drafts } of stretches)
      for (const { atoms } of drafts) for (const atom of atoms) below.add(atom);
  }
  return below;
}

/** What found no place for want of what it belongs to, or because clocks contradict each other: no Event goes untold. */
function findLost(workload: Workload, plots: readonly Plot[]): LoosePart[] {
  let told = 0;
  for (const { stretches } of [...workload.others, ...workload.pods])
    for (const { drafts } of stretches)
      for (const { atoms } of drafts) if (atoms[0]?.event !== undefined) told += 1;
  if (plots.reduce((sum, plot) => sum + countEvents(plot.drafts), 0) >= told) return [];
  const placed = new Set(plots.flatMap((plot) => walkDrafts(plot.drafts)));
  const lost: LoosePart[] = [];
  for (const draft of new Set(workload.draftOf.values())) {
    if (placed.has(draft) || draft.atoms[0]?.event === undefined) continue;
    lost.push({ drafts: [draft], from: draft.atoms[0].at, to: lastOf(draft), as: 'life', isEager: false });
  }
  return lost;
}

/** How many of the steps, and of those below them, are Events. */
function countEvents(drafts: readonly Draft[]): number {
  let count = 0;
  for (const { atoms, children } of drafts) {
    if (atoms[0]?.event !== undefined) count += 1;
    if (children.length > 0) count += countEvents(children);
  }
  return count;
}

/** A Job's run is one story, whatever it makes. What a CronJob says of it is its frame; what the Job says is below that. */
function runOf({ claims, others }: Workload): Episode[] {
  const isFramed = others.some(
    ({ frame, life }) => life.object.kind === 'Job' && frame.createdBy?.object.kind === 'CronJob',
  );
  const [first, ...rest] = isFramed ? claims.filter((atom) => atom.object.kind === 'CronJob') : claims;
  if (first === undefined) return [];
  const run = openEpisode('run', first);
  run.atoms.push(...rest);
  return [run];
}

/** What each maker of Pods made and removed by itself; a replacement is hung below the end it makes up for. */
function segmentMakers(
  workload: Workload,
  making: readonly Atom[],
  loose: LooseEnd[],
  isBoundary: (before: Atom, atom: Atom) => boolean,
): Episode[] {
  const endings = loose.filter((end) => end.stretch.as === 'ending');
  const episodes: Episode[] = [];
  const byMaker = Map.groupBy(making, (atom) => `${atom.object.kind}/${atom.object.name}`);
  for (const atoms of byMaker.values()) {
    if (atoms[0]?.object.kind === 'StatefulSet') {
      for (const episode of segmentOrdinals(atoms, isBoundary)) {
        const [first] = episode.atoms;
        if (episode.kind !== 'incident' || first === undefined || !replaces(workload, endings, first))
          episodes.push(episode);
        else if (episode.atoms.length > 1) episodes.push({ ...episode, atoms: episode.atoms.slice(1) });
      }
      continue;
    }
    const called = atoms.filter(
      (atom) => atom.claim?.does !== 'creates' || !replaces(workload, endings, atom),
    );
    episodes.push(...segmentMaking(called, isBoundary));
  }
  return episodes;
}

function replaces(workload: Workload, endings: LooseEnd[], atom: Atom): boolean {
  const parent = takeReplaced(endings, atom);
  const draft = workload.draftOf.get(atom);
  if (parent === undefined || draft === undefined) return false;
  parent.children.push(draft);
  return true;
}

function draftsOf(workload: Workload, episode: Episode | undefined): Draft[] {
  const drafts = (episode?.atoms ?? []).map((atom) => workload.draftOf.get(atom));
  return [...new Set(drafts)].filter((draft) => draft !== undefined);
}

/** Births that no Event tells join what is being made at that time; a Job's ends join its run; the rest stays loose. */
function joinEnds(plots: readonly Plot[], loose: readonly LooseEnd[], workload: Workload): LoosePart[] {
  const left: LoosePart[] = [];
  const isRun = workload.top.kind === 'Job';
  for (const { member, stretch, drafts } of loose) {
    const bornAt = stretch === member.stretches[0] ? birthOf(member, stretch) : undefined;
    const plot = isRun ? plots[0] : bornAt === undefined ? undefined : findPlot(plots, bornAt);
    const remover = isRun ? plot?.drafts.findLast((draft) => removesJob(draft, stretch.from)) : undefined;
    if (plot !== undefined) (remover?.children ?? plot.drafts).push(...drafts);
    else left.push({ drafts, from: stretch.from, to: stretch.to, as: stretch.as, isEager: false });
  }
  return left;
}

function removesJob(draft: Draft, at: Micros): boolean {
  const [atom] = draft.atoms;
  return atom?.claim?.does === 'deletes' && atom.claim.kind === 'Job' && atom.at <= at + CLOCKS;
}

/** What is told of the workload itself and of what else it owns: below the step it is about, in the story it falls into, or loose. */
function placeOthers(
  workload: Workload,
  plots: readonly Plot[],
  scaling: ScaleSteps | undefined,
): LoosePart[] {
  const left: LoosePart[] = [];
  const parts = workload.others
    .filter((told) => told.frame.createdBy === undefined)
    .flatMap((told) => told.stretches.map((stretch) => ({ told, stretch })))
    .sort((a, b) => a.stretch.from - b.stretch.from);
  for (const { told, stretch } of parts) {
    const drafts = stretch.drafts.filter((draft) => !isElsewhere(draft, workload, told));
    const [first] = drafts;
    if (first === undefined) continue;
    const from = first.atoms[0]?.at ?? stretch.from;
    const parent =
      told.life.object.kind === 'ReplicaSet' ? scaling?.lastUp(told.life.object.name, from) : undefined;
    const siblings = parent?.children ?? findPlot(plots, from, workload.top.kind === 'Job')?.drafts;
    if (siblings !== undefined) siblings.push(...drafts);
    else left.push({ drafts, from, to: stretch.to, as: 'life', isEager: isEager(told.life) });
  }
  return left;
}

/** Told already: as a controller's step, as a replacement, or as the change that began a story. */
function isElsewhere(draft: Draft, workload: Workload, told: FramedLife): boolean {
  const [atom] = draft.atoms;
  if (atom === undefined) return false;
  if (isControl(atom)) return true;
  const type = atom.change?.type;
  return type === 'spec-changed' || (told.life === workload.topLife && type !== undefined && ROOTS.has(type));
}

/** The latest story that had begun by then and was not over for long. */
function findPlot(plots: readonly Plot[], at: Micros, always = false): Plot | undefined {
  return plots.findLast((plot) => always || (plotFrom(plot) <= at + SKEW && at - plotTo(plot) < QUIET));
}
