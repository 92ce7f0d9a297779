import { compareText } from '../events/compare-events.ts';
import type { ObjectId } from '../objects/object.ts';
import type { Home } from '../stories/tell/homes.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import { createColumn } from './columns.ts';
import type { EventIndex } from './event-index.ts';
import { type SortedRows, sortRows } from './sort-rows.ts';

/** By what the rows of a timeline are put together. */
export const GROUPINGS = ['owner', 'node', 'namespace'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The tree of rows, by number; -1 is no row. */
export interface RowTree extends SortedRows {
  readonly size: number;
  /** The row of an entry of the index. */
  rowOf(entry: number): number;
  /** The row of all that Events tell of an object; undefined where that is not one row. */
  readonly rowOfObject: ((object: number) => number) | undefined;
  /** The row of an object, by `nameKey`; -1 where it has none, or not one alone. */
  rowOfKey(key: string): number;
  /** A short name that stays, for URLs. */
  idOf(row: number): string;
  labelOf(row: number): string;
  /** The object that the row is; of a namespace's row the namespace. */
  objectOf(row: number): ObjectId;
  /** By namespace, then name. */
  compareNames(a: number, b: number): number;
}

/** A row that is no object that Events are about: a namespace, a Node. */
interface Place {
  readonly key: string;
  readonly label: string;
  readonly object: ObjectId;
}

/** Makes the tree of rows of a grouping. Called again it gives the tree of what the index has become: only what is new is looked at again. */
export function createRowTrees(index: EventIndex, grouping: Grouping): () => RowTree {
  const things: (Home | Place)[] = [];
  const parents = createColumn((length) => new Int32Array(length));
  const homeRows = new Map<Home, number>();
  const placeRows = new Map<string, number>();
  const nodeObjectRows = new Map<number, Map<number, number>>();
  /** One more than the row of each object; of each entry, where that is by Node. */
  const rowsOf = createColumn((length) => new Int32Array(length));
  const ids = new Map<number, string>();
  let filed = 0;
  let moves = 0;
  let sorted: SortedRows = { parents: new Int32Array(0), order: new Int32Array(0) };

  function addRow(thing: Home | Place, parent: number): number {
    // Where whoever has no owner stands is there before it.
    if (!isPlace(thing)) topOf(thing);
    things.push(thing);
    parents.set(things.length - 1, parent);
    return things.length - 1;
  }

  /** The row of an object, and those of its owners where they are new. */
  function homeRow(home: Home): number {
    const known = homeRows.get(home);
    if (known !== undefined) return known;
    const first = things.length;
    for (let next: Home | undefined = home; next !== undefined && !homeRows.has(next); next = next.owner)
      homeRows.set(next, addRow(next, -1));
    for (let row = first, end = things.length; row < end; row++) parents.set(row, parentOf(row));
    return first;
  }

  function parentOf(row: number): number {
    const home = things[row];
    if (home === undefined || isPlace(home)) return -1;
    return home.owner === undefined ? topOf(home) : homeRow(home.owner);
  }

  function topOf({ id: { cluster, namespace } }: Home): number {
    if (grouping !== 'namespace') return -1;
    return placeRow(`${cluster}/${namespace}`, () => ({
      label: namespace || 'cluster-scoped',
      object: { cluster, apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace, uid: '' },
    }));
  }

  function placeRow(key: string, make: () => Omit<Place, 'key'>): number {
    const known = placeRows.get(key);
    if (known !== undefined) return known;
    const row = addRow({ key, ...make() }, -1);
    placeRows.set(key, row);
    return row;
  }

  function nodeRow(cluster: string, name: string): number {
    return placeRow(`${cluster}/Node/${name}`, () => ({
      label: name === '' ? 'no node' : `node/${name}`,
      object: { cluster, apiVersion: 'v1', kind: 'Node', namespace: '', name, uid: '' },
    }));
  }

  /** Under the Node that tells of it. */
  function nodeObjectRow(entry: number): number {
    const number = index.object.get(entry);
    const home = index.objects[number]?.home;
    if (home === undefined) return -1;
    const node = nodeRow(home.id.cluster, index.hosts.get(index.host.get(entry)));
    if (home.id.kind === 'Node') return node;
    const below = nodeObjectRows.get(node) ?? new Map<number, number>();
    nodeObjectRows.set(node, below);
    const row = below.get(number) ?? addRow(home, node);
    below.set(number, row);
    return row;
  }

  /** Takes in what the index has got since the last time. */
  function update(): void {
    const [size, before] = [things.length, moves];
    const isByNode = grouping === 'node';
    const end = isByNode ? index.size() : index.objects.length;
    for (; filed < end; filed++) {
      const home = index.objects[filed]?.home;
      rowsOf.set(filed, 1 + (isByNode ? nodeObjectRow(filed) : home === undefined ? -1 : homeRow(home)));
    }
    moves = index.moves();
    if (!isByNode && moves !== before)
      for (let row = 0; row < things.length; row++) parents.set(row, parentOf(row));
    if (things.length !== size || moves !== before) sorted = sortRows(parents, things.length, rootOf);
  }

  /** Where a row stands that is no longer below its owner. */
  function rootOf(row: number): number {
    const thing = things[row];
    return thing === undefined || isPlace(thing) || grouping === 'node' ? -1 : topOf(thing);
  }

  function idOf(row: number): string {
    const id = ids.get(row) ?? stableId(keyOf(row));
    ids.set(row, id);
    return id;
  }

  function keyOf(row: number): string {
    const thing = things[row];
    if (thing === undefined) return '';
    if (isPlace(thing) || grouping !== 'node') return `${grouping}:${thing.key}`;
    const node = things[parents.get(row)];
    return `${grouping}:${node?.key ?? ''}:${thing.key}`;
  }

  function objectOf(row: number): ObjectId {
    const thing = things[row];
    if (thing === undefined) return NOTHING;
    return isPlace(thing) ? thing.object : index.objectOf(thing);
  }

  function rowOfKey(key: string): number {
    const home = grouping === 'node' ? undefined : index.homes.find(key);
    return home === undefined ? -1 : (homeRows.get(home) ?? -1);
  }

  function labelOf(row: number): string {
    const thing = things[row];
    if (thing === undefined) return '';
    return isPlace(thing) ? thing.label : `${thing.id.kind.toLowerCase()}/${thing.id.name}`;
  }

  function compareNames(a: number, b: number): number {
    const [x, y] = [idOfThing(things[a]), idOfThing(things[b])];
    return (
      compareText(x.namespace, y.namespace) ||
      compareText(labelOf(a), labelOf(b)) ||
      compareText(x.cluster, y.cluster)
    );
  }

  return () => {
    update();
    const rows = rowsOf.values();
    const { object } = index;
    const objects = object.values();
    return {
      ...sorted,
      size: things.length,
      rowOfObject: grouping === 'node' ? undefined : (number) => (rows[number] ?? 0) - 1,
      rowOf:
        grouping === 'node'
          ? (entry) => (rows[entry] ?? 0) - 1
          : (entry) => (rows[objects[entry] ?? 0] ?? 0) - 1,
      rowOfKey,
      idOf,
      labelOf,
      objectOf,
      compareNames,
    };
  };
}

const NOTHING: ObjectId = { cluster: '', apiVersion: '', kind: '', namespace: '', name: '', uid: '' };

function isPlace(thing: Home | Place): thing is Place {
  return 'label' in thing;
}

function idOfThing(thing: Home | Place | undefined): ObjectId {
  if (thing === undefined) return NOTHING;
  return isPlace(thing) ? thing.object : thing.id;
}
