import { compareResourceVersions } from '../../events/resource-version.ts';
import { type Atom, compareAtoms } from './atom.ts';
import { type Boundary, type Episode, episodeFrom } from './episode.ts';
import { NEXT_SYNC, QUIET, SKEW } from './limits.ts';
import { type Plot, plotFrom } from './plot.ts';
import type { Workload } from './workload.ts';

/** The changes of a workload's own spec, and which of its stories each began. */
export interface Roots {
  readonly isBoundary: Boundary;
  /** Gives each episode the change that began it, where one is known that began none before. */
  assign(episodes: readonly Episode[]): Plot[];
  /** Gives what no controller called for the change right before it. */
  assignLoose(plots: readonly Plot[]): void;
  /** Puts a change that scaled what was being rolled out among the steps of that story. */
  joinScalings(plots: readonly Plot[]): void;
  /** Changes after which nothing happened, and the deletion: told by themselves, or as the root of what they began. */
  unanswered(plots: readonly Plot[]): Plot[];
}

/** Changes of a workload's own that may begin a story. They are told as its root, not among its steps. */
export const ROOTS: ReadonlySet<string> = new Set(['created', 'spec-changed', 'deleting', 'deleted']);
/** Their changes are answers, not beginnings. */
export const OF_KUBERNETES: ReadonlySet<string> = new Set([
  'kube-controller-manager',
  'kubelet',
  'kube-scheduler',
]);
const DECIMAL = /^\d+$/;

export function findRoots(workload: Workload): Roots {
  const changes = changesOfTop(workload);
  const specs = changes.filter(
    (atom) => atom.change?.type === 'created' || atom.change?.type === 'spec-changed',
  );
  const used = new Set<Atom>();
  return {
    isBoundary: (before, atom) =>
      specs.some((change) => isOfTemplate(change) && precedes(change, atom) && !precedes(change, before)),
    assign(episodes) {
      const plots: Plot[] = [];
      const sorted = [...episodes].sort((a, b) => episodeFrom(a) - episodeFrom(b));
      for (const episode of sorted) {
        const [first] = episode.atoms;
        const root =
          first === undefined
            ? undefined
            : specs.findLast((change) => precedes(change, first) && first.at - change.at < QUIET);
        const isNew = root !== undefined && !used.has(root);
        if (isNew) used.add(root);
        plots.push({ kind: episode.kind, episode, drafts: [], root: isNew ? root : undefined, guestOf: '' });
      }
      return plots;
    },
    assignLoose(plots) {
      for (const plot of plots) {
        const from = plotFrom(plot);
        const root = specs.findLast(
          (change) => !used.has(change) && change.at <= from + SKEW && from - change.at < NEXT_SYNC,
        );
        if (root === undefined) continue;
        used.add(root);
        plot.root = root;
      }
    },
    joinScalings(plots) {
      for (const change of specs) {
        if (used.has(change) || !isScaling(change)) continue;
        const draft = workload.draftOf.get(change);
        const plot = plots.find((each) => each.kind === 'rollout' && isAnsweredIn(change, each));
        if (plot === undefined || draft === undefined) continue;
        used.add(change);
        plot.drafts.push(draft);
      }
    },
    unanswered(plots) {
      const ends = changes.filter(
        (atom) => atom.change?.type === 'deleting' || atom.change?.type === 'deleted',
      );
      const { namespaceEnd } = workload;
      const ending = plots.findLast((plot) => plot.kind === 'deletion' && plot.root === undefined);
      if (ending !== undefined) ending.root = precedesPlot(namespaceEnd, ending) ? namespaceEnd : ends[0];
      return specs
        .filter(
          (atom) => !used.has(atom) && atom.change?.type === 'spec-changed' && !OF_KUBERNETES.has(atom.by),
        )
        .map((root) => ({ kind: 'activity', episode: undefined, drafts: [], root, guestOf: '' }));
    },
  };
}

/** A change of nothing but replicas. */
export function isScaling({ change }: Atom): boolean {
  return (
    change?.type === 'spec-changed' &&
    change.fields.length > 0 &&
    change.fields.every(({ field }) => field === 'replicas')
  );
}

/** Whether a controller went on with a story right after a change. */
function isAnsweredIn(change: Atom, { episode }: Plot): boolean {
  return (episode?.atoms ?? []).some(
    (atom) => atom.claim?.does === 'scales' && precedes(change, atom) && atom.at - change.at < NEXT_SYNC,
  );
}

function precedesPlot(change: Atom | undefined, plot: Plot): boolean {
  return change !== undefined && change.at <= plotFrom(plot) + SKEW;
}

function changesOfTop(workload: Workload): Atom[] {
  const changes = workload.topLife?.changes ?? [];
  return changes.filter((atom) => ROOTS.has(atom.change?.type ?? '')).sort(compareAtoms);
}

/**
 * Whether a change came before what a controller said of the same object: by the resourceVersion that the controller had before it, which
 * its Event names (of the first happening only); else by the clock.
 */
function precedes(change: Atom, atom: Atom): boolean {
  const changed = change.change?.resourceVersion ?? '';
  const seen = atom.event?.involvedObject.resourceVersion ?? '';
  const isSame = atom.object.kind === change.object.kind && atom.object.name === change.object.name;
  if (atom.index === 0 && isSame && DECIMAL.test(changed) && DECIMAL.test(seen))
    return compareResourceVersions(changed, seen) <= 0;
  return change.at <= atom.at + SKEW;
}

function isOfTemplate(atom: Atom): boolean {
  return (
    atom.change?.type === 'spec-changed' && atom.change.fields.some((field) => field.field !== 'replicas')
  );
}
