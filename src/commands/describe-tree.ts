import type { RecordedEvent } from '../events/event.ts';
import { happenedAt } from '../events/event-time.ts';
import type { EventQuery } from '../events/query.ts';
import { formatObject, hasOwnUid, nameKey } from '../objects/object.ts';
import type { Source } from '../sources/source.ts';
import type { OwnedObject } from '../stories/find-owned.ts';
import { readFamily } from '../stories/read-family.ts';
import type { FoundObject } from './find-objects.ts';
import { splitByUid } from './split-by-uid.ts';

/** An object of a tree, one incarnation of it, with its Events. */
export interface DescribedOwned {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Where there are several of the name; else empty. */
  readonly uid: string;
  /** `Deployment/web`, and how that is known when it was not read from the object; empty at the top. */
  readonly controlledBy: string;
  /** In time order; of what is owned never empty. */
  readonly own: readonly RecordedEvent[];
  /** At the top: those of earlier objects of its name. */
  readonly others: readonly RecordedEvent[];
}

export interface DescribedTree {
  /** The object asked about, then what it owns, each below its owner. */
  readonly blocks: readonly DescribedOwned[];
  /** What it owns of which nothing was said: `replicaset/web-1`. */
  readonly silent: readonly string[];
}

/**
 * Describes an object and all that it owns.
 *
 * @param root the object; its Events may be none
 * @param uids the object's own uids, where the cluster tells them
 */
export async function describeTree(
  root: Pick<FoundObject, 'kind' | 'namespace' | 'name'>,
  uids: readonly string[] | undefined,
  source: Source,
  signal: AbortSignal,
): Promise<DescribedTree> {
  const { reader, objects, scope } = source;
  const namespaces = root.namespace === '' ? scope.namespaces : [root.namespace];
  const query: EventQuery = { ...scope, ...(namespaces && { namespaces }) };
  const of = [{ kind: root.kind, name: root.name }];
  const family = await readFamily({ reader, objects, query, of, signal });
  const events = new Map<string, RecordedEvent[]>();
  for await (const page of reader.readEvents({ ...query, for: family.filters }, signal))
    for (const record of page) {
      const key = nameKey({ ...record.event.involvedObject, cluster: record.cluster });
      events.set(key, [...(events.get(key) ?? []), record]);
    }
  const blocks: DescribedOwned[] = [];
  const silent: string[] = [];
  for (const tree of family.trees) {
    const { own, others } = splitByUid(events.get(nameKey(tree.id)) ?? [], uids);
    blocks.push({ ...tree.id, uid: '', controlledBy: '', own, others });
    const alive = new Set([...(uids ?? []), ...own.map(({ event }) => event.involvedObject.uid)]);
    for (const owned of tree.owned) walk(owned, tree, alive);
  }
  return { blocks, silent };

  /** @param alive the uids of the owner's incarnations that are told of */
  function walk(tree: OwnedObject, owner: OwnedObject, alive: ReadonlySet<string>): void {
    const isOfAnother = (uid: string) => {
      const owners = tree.incarnations.find((each) => each.uid === uid)?.owners ?? [];
      return alive.size > 0 && owners.length > 0 && !owners.some((each) => alive.has(each.uid));
    };
    const incarnations = splitIncarnations(events.get(nameKey(tree.id)) ?? []).filter(
      ({ uid }) => !isOfAnother(uid),
    );
    const read = tree.incarnations.map(({ uid }) => uid).filter((uid) => !isOfAnother(uid));
    if (incarnations.length === 0 && tree.incarnations.length > 0 && read.length === 0) return;
    for (const { uid, own } of incarnations)
      blocks.push({
        ...tree.id,
        uid: incarnations.length > 1 ? uid : '',
        controlledBy: `${owner.id.kind}/${owner.id.name}${tree.ownedBy === 'name' ? ' (by its name)' : ''}`,
        own,
        others: [],
      });
    // What keeps a workload's earlier templates never says a word.
    if (incarnations.length === 0 && tree.id.kind !== 'ControllerRevision')
      silent.push(formatObject(tree.id));
    const told = new Set([...read, ...incarnations.map(({ uid }) => uid)].filter((uid) => uid !== ''));
    for (const owned of tree.owned) walk(owned, tree, told);
  }
}

/** The Events of one name by incarnation, in the order in which these began; those that name none are the newest one's. */
function splitIncarnations(
  records: readonly RecordedEvent[],
): { readonly uid: string; readonly own: readonly RecordedEvent[] }[] {
  const newest = records.findLast(({ event }) => hasOwnUid(event.involvedObject))?.event.involvedObject.uid;
  const groups = Map.groupBy(records, ({ event: { involvedObject } }) =>
    hasOwnUid(involvedObject) ? involvedObject.uid : (newest ?? ''),
  );
  return [...groups]
    .map(([uid, own]) => ({ uid, own }))
    .sort((a, b) => firstOf(a.own) - firstOf(b.own) || (a.uid < b.uid ? -1 : 1));
}

function firstOf(records: readonly RecordedEvent[]): number {
  return Math.min(...records.map(({ event }) => happenedAt(event)));
}
