import type { Micros } from '../../lib/time.ts';
import { compareDrafts, type Draft, walkDrafts } from './draft.ts';
import { isForced } from './find-ending.ts';
import { PASSING } from './follow-matters.ts';
import { GRACE, QUIET } from './limits.ts';
import type { Plot } from './plot.ts';
import type { Stretch } from './tell-life.ts';

/** A stretch that no controller called for, with the steps it is told as. */
export interface LoosePart {
  readonly drafts: readonly Draft[];
  readonly from: Micros;
  readonly to: Micros;
  readonly as: Stretch['as'];
  /** Of what is cut by its own beginnings: only what is not over yet, or hardly, is one story with it. */
  readonly isEager: boolean;
}

/** Puts together what befell a workload's members at about the same time: each such cluster is a story, parted from the next by quiet. */
export function clusterLoose(parts: readonly LoosePart[]): Plot[] {
  const sorted = parts.filter((part) => part.drafts.length > 0).sort(compareParts);
  const clusters: LoosePart[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const part of sorted) {
    if (part.from - last >= (part.isEager ? GRACE : QUIET)) clusters.push([]);
    clusters.at(-1)?.push(part);
    last = Math.max(last, part.isEager ? endOf(part) : part.to);
  }
  return clusters.map((cluster) => ({
    kind: cluster.every((part) => part.as === 'ending' && !isReplaced(part) && !isForcedPart(part))
      ? 'deletion'
      : 'activity',
    episode: undefined,
    drafts: cluster.flatMap((part) => part.drafts),
    root: undefined,
    guestOf: '',
  }));
}

function isReplaced(part: LoosePart): boolean {
  return walkDrafts(part.drafts).some((draft) => draft.atoms[0]?.claim?.does === 'creates');
}

function isForcedPart(part: LoosePart): boolean {
  return walkDrafts(part.drafts).some(({ atoms: [atom] }) => atom !== undefined && isForced(atom));
}

function endOf(part: LoosePart): Micros {
  let end = part.to;
  for (const draft of walkDrafts(part.drafts)) {
    const isOpen =
      (draft.outcome === 'in progress' || draft.outcome === 'failed') &&
      !PASSING.has(draft.atoms[0]?.reason.topic);
    end = Math.max(end, draft.endsAt ?? (isOpen ? Number.POSITIVE_INFINITY : end));
  }
  return end;
}

function compareParts(a: LoosePart, b: LoosePart): number {
  const [x, y] = [a.drafts[0], b.drafts[0]];
  return a.from - b.from || (x === undefined || y === undefined ? 0 : compareDrafts(x, y));
}
