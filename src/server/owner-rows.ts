import { nameKey, type ObjectId } from '../objects/object.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import type { EventIndex } from './event-index.ts';

/** By what the rows of a timeline are put together. */
export const GROUPINGS = ['owner', 'node', 'namespace'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** A line of the timeline: an object, a Node, a namespace. */
export interface RowNode {
  /** What it is, among all rows. */
  readonly key: string;
  readonly label: string;
  readonly parent: number;
  /** The object that it is; of a namespace's row the namespace. */
  readonly object: ObjectId;
}

/** The tree of rows, by number; -1 is no row. A row comes before those below it. */
export interface RowTree {
  readonly rows: readonly RowNode[];
  /** A short name that stays, for URLs. */
  idOf(row: number): string;
  /** The row of an entry of the index. */
  rowOf(entry: number): number;
}

const DEEPEST = 16;

/** Makes the tree of rows of a grouping; call it again when the index has grown. */
export function createRowTree(index: EventIndex, grouping: Grouping): RowTree {
  const rows: RowNode[] = [];
  const numbers = new Map<string, number>();

  function rowOf(key: string, make: () => Omit<RowNode, 'key'>): number {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const made = make();
    const number = rows.length;
    numbers.set(key, number);
    rows.push({ key, ...made });
    return number;
  }

  function objectRow(object: ObjectId, top: (object: ObjectId) => number, depth = 0): number {
    return rowOf(`${grouping}:${nameKey(object)}`, () => {
      const owner = depth < DEEPEST ? index.homes.at(object).owner : undefined;
      const parent = owner === undefined ? top(object) : objectRow(fullId(owner.id), top, depth + 1);
      return { object, parent, label: `${object.kind.toLowerCase()}/${object.name}` };
    });
  }

  /** With the apiVersion and uid that Events tell. */
  function fullId(id: ObjectId): ObjectId {
    const number = index.objects.find(nameKey(id));
    return number === undefined ? id : index.objects.get(number);
  }

  function namespaceRow(object: ObjectId): number {
    const { cluster, namespace } = object;
    return rowOf(`namespace:${cluster}/${namespace}`, () => ({
      label: namespace || 'cluster-scoped',
      parent: -1,
      object: { cluster, apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace, uid: '' },
    }));
  }

  function nodeRow(cluster: string, name: string): number {
    return rowOf(`node:${cluster}/Node/${name}`, () => ({
      label: name === '' ? 'no node' : `node/${name}`,
      parent: -1,
      object: { cluster, apiVersion: 'v1', kind: 'Node', namespace: '', name, uid: '' },
    }));
  }

  const none = () => -1;

  function ownerRowOf(entry: number): number {
    const object = index.objects.get(index.object.get(entry));
    return objectRow(object, grouping === 'namespace' ? namespaceRow : none);
  }

  function nodeRowOf(entry: number): number {
    const object = index.objects.get(index.object.get(entry));
    const node = nodeRow(object.cluster, index.hosts.get(index.host.get(entry)));
    if (object.kind === 'Node') return node;
    return rowOf(`node:${node}/${nameKey(object)}`, () => ({
      object,
      parent: node,
      label: `${object.kind.toLowerCase()}/${object.name}`,
    }));
  }

  const find = grouping === 'node' ? nodeRowOf : ownerRowOf;
  /** The row of each entry so far; the rest is found when it is asked for. */
  const found: number[] = [];
  const ids = new Map<number, string>();
  const size = index.size();
  for (let entry = 0; entry < size; entry++) found.push(find(entry));

  return {
    rows,
    idOf(row) {
      const id = ids.get(row) ?? stableId(rows[row]?.key ?? '');
      ids.set(row, id);
      return id;
    },
    rowOf(entry) {
      while (found.length <= entry) found.push(find(found.length));
      return found[entry] ?? -1;
    },
  };
}
