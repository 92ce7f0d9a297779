import { isForced } from './find-ending.ts';
import type { LooseEnd } from './place-members.ts';
import type { Plot } from './plot.ts';
import type { FramedLife, Workload } from './workload.ts';

/**
 * Picks what befell Pods because their Node was in trouble: that they could not be reached any more, and their eviction with all that it
 * called for. It is told in the Node's story, if the Node has one.
 */
export function findGuests(
  workload: Workload,
  loose: readonly LooseEnd[],
): { readonly guests: Plot[]; readonly own: LooseEnd[] } {
  const guests: Plot[] = [];
  const own: LooseEnd[] = [];
  for (const end of loose) {
    const node = isNodesFault(end) ? nodeOf(end.member) : '';
    if (node === '' || !workload.isNodeTroubled(node, end.stretch.from)) own.push(end);
    else
      guests.push({
        kind: 'incident',
        episode: undefined,
        drafts: [...end.drafts],
        root: undefined,
        guestOf: node,
      });
  }
  return { guests, own };
}

function isNodesFault({ stretch }: LooseEnd): boolean {
  if (stretch.as === 'unreachable') return true;
  if (stretch.as !== 'ending') return false;
  return stretch.drafts.some(
    ({ atoms: [atom] }) => atom !== undefined && isForced(atom) && BY_NODE.has(atom.reason.reason),
  );
}

const BY_NODE: ReadonlySet<string> = new Set([
  'Evicted',
  'TaintManagerEviction',
  'NodeControllerEviction',
  'NodeShutdown',
]);

/** The Node a Pod runs on, as its spec, the scheduler or the kubelet that speaks of it tells. */
export function nodeOf(member: FramedLife): string {
  const known = member.life.known?.uses.find((use) => use.as === 'runs-on');
  if (known !== undefined) return known.name;
  let host = '';
  for (const atoms of member.life.atoms) {
    const [atom] = atoms;
    if (atom?.claim?.does === 'schedules') return atom.claim.name;
    if (atom?.by === 'kubelet' && atom.host !== '' && (host === '' || atom.host < host)) host = atom.host;
  }
  return host;
}
