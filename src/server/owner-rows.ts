import { nameKey, type ObjectId } from '../objects/object.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import type { EventIndex } from './event-index.ts';

/** By what the rows of a timeline are put together. */
export const GROUPINGS = ['owner', 'node', 'namespace'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** A line of the timeline: an object, a Node, a namespace. */
export interface RowNode {
  readonly id: string;
  readonly label: string;
  readonly parent: number;
  /** The object that it is; of a namespace's row the namespace. */
  readonly object: ObjectId;
}

/** The tree of rows, by number; -1 is no row. */
export interface RowTree {
  readonly rows: readonly RowNode[];
  /** The row of an entry of the index. */
  rowOf(entry: number): number;
}

const DEEPEST = 16;

/** Makes the tree of rows of a grouping; call it again when the index has grown. */
export function createRowTree(index: EventIndex, grouping: Grouping): RowTree {
  const rows: RowNode[] = [];
  const numbers = new Map<string, number>();

  function rowOf(key: string, make: () => Omit<RowNode, 'id'>): number {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const made = make();
    const number = rows.length;
    numbers.set(key, number);
    rows.push({ id: stableId(key), ...made });
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
  const ofObjects = new Map<number, number>();

  function ownerRowOf(entry: number): number {
    const number = index.object.get(entry);
    const known = ofObjects.get(number);
    if (known !== undefined) return known;
    const row = objectRow(index.objects.get(number), grouping === 'namespace' ? namespaceRow : none);
    ofObjects.set(number, row);
    return row;
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

  return { rows, rowOf: grouping === 'node' ? nodeRowOf : ownerRowOf };
}
