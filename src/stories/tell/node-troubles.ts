import type { Micros } from '../../lib/time.ts';
import type { Home } from './homes.ts';
import type { Plot } from './plot.ts';
import { isTroubledAt, type Span, spansDifferSince, spansOf } from './seat-guest.ts';
import type { Workload } from './workload.ts';

/** What is told of one home, before its stories are finished. */
export interface ReadHome {
  readonly workload: Workload;
  readonly plots: Plot[];
}

/** When Nodes were in trouble, and who asked: what befell a Pod through its Node is told with that. */
export interface NodeTroubles {
  /** Whether a Node was in trouble at a time; the asker is told anew when that becomes otherwise. */
  isTroubled(asker: Home, node: Home, at: Micros, asOf: Micros): boolean;
  /** Reads a Node anew. Returns those whom its troubles may concern, when these are other than before. */
  refresh(node: Home, asOf: Micros): Home[];
  /** What was read of a Node for those that asked, to be told from while the same is told; once. */
  takeRead(node: Home): ReadHome | undefined;
  /** Forgets what was read: from now on something else may be told. */
  forgetRead(): void;
}

/** @param read what is told of a Node; undefined when nothing is */
export function openNodeTroubles(read: (home: Home, asOf: Micros) => ReadHome | undefined): NodeTroubles {
  const spans = new Map<Home, readonly Span[]>();
  const reads = new Map<Home, ReadHome | undefined>();
  /** Who asked about a Node, and up to which time. */
  const askers = new Map<Home, Map<Home, Micros>>();

  /** When a Node was in trouble by itself, without what befell Pods. */
  function spansAt(node: Home, asOf: Micros): readonly Span[] {
    const known = spans.get(node);
    if (known !== undefined) return known;
    const told = read(node, asOf);
    const found = spansOf(told?.plots ?? []);
    reads.set(node, told);
    spans.set(node, found);
    return found;
  }

  return {
    isTroubled(asker, node, at, asOf) {
      const asked = askers.get(node) ?? new Map<Home, Micros>();
      asked.set(asker, Math.max(asked.get(asker) ?? at, at));
      askers.set(node, asked);
      return isTroubledAt(spansAt(node, asOf), at);
    },
    refresh(node, asOf) {
      const before = spans.get(node) ?? [];
      spans.delete(node);
      const since = spansDifferSince(before, spansAt(node, asOf));
      const asked = askers.get(node) ?? new Map<Home, Micros>();
      const concerned = [...asked].filter(([, until]) => until >= since).map(([asker]) => asker);
      for (const asker of concerned) asked.delete(asker);
      return concerned;
    },
    takeRead(node) {
      const told = reads.get(node);
      reads.delete(node);
      return told;
    },
    forgetRead: () => reads.clear(),
  };
}
