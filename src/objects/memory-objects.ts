import { compareText } from '../events/compare-events.ts';
import { type Change, identifyChange } from './change.ts';
import { dropEchoes } from './echo-changes.ts';
import type { LastState } from './last-state.ts';
import { matchChanges, matchObjects } from './matches-object-query.ts';
import { mergeChanges } from './merge-changes.ts';
import { mergeObjects } from './merge-objects.ts';
import { type KubernetesObject, nameKey, type ObjectId } from './object.ts';
import type { ObjectQuery, ObjectReader } from './object-query.ts';
import { readObjectId } from './read-object.ts';

/** Objects and changes in memory: of a file, of several sources joined. */
export interface ObjectMemory extends ObjectReader {
  /** Takes in one more state of an object; in any order, and the same one any number of times. */
  addObject(object: KubernetesObject): void;
  /** Takes in a change; of one that is known already, `mergeChanges` says what stays. */
  addChange(change: Change): void;
  /** Takes in what an object was last, once. */
  addLastState(state: LastState): void;
}

export function createObjectMemory(): ObjectMemory {
  const objects = new Map<string, KubernetesObject>();
  const changes = new Map<string, Change>();
  const lastStates: LastState[] = [];
  return {
    addObject(object) {
      const key = objectKey(object);
      const known = objects.get(key);
      objects.set(key, known === undefined ? object : mergeObjects(known, object));
    },
    addChange(change) {
      const id = identifyChange(change);
      const known = changes.get(id);
      changes.set(id, known === undefined ? change : mergeChanges(known, change));
    },
    addLastState: (state) => void lastStates.push(state),
    async *readLastStates(query) {
      const matches = matchObjects(query);
      yield lastStates.filter(({ cluster, object }) => {
        const known = objects.get(objectKey(readObjectId(object, cluster)));
        return known !== undefined && matches(known);
      });
    },
    async *readObjects(query) {
      yield [...objects.values()].filter(matchObjects(query));
    },
    async *readChanges(query) {
      const sorted = [...changes]
        .sort(([a, { at }], [b, { at: other }]) => at - other || compareText(a, b))
        .map(([, change]) => change);
      yield dropEchoes(sorted).filter(matchChanges(query));
    },
  };
}

function objectKey(id: ObjectId): string {
  return id.uid === '' ? nameKey(id) : `${id.cluster}/${id.uid}`;
}

/**
 * One reader of several, of the same cluster or of different ones: what more than one of them knows of is told once.
 */
export function joinObjectReaders(readers: readonly ObjectReader[]): ObjectReader {
  const [only] = readers;
  if (only !== undefined && readers.length === 1) return only;
  const gather = async (query: ObjectQuery, what: 'objects' | 'changes', signal: AbortSignal | undefined) => {
    const memory = createObjectMemory();
    for (const reader of readers) {
      if (what === 'objects')
        for await (const page of reader.readObjects(query, signal)) page.forEach(memory.addObject);
      else for await (const page of reader.readChanges(query, signal)) page.forEach(memory.addChange);
    }
    return memory;
  };
  return {
    async *readObjects(query, signal) {
      yield* (await gather(query, 'objects', signal)).readObjects(query);
    },
    async *readChanges(query, signal) {
      yield* (await gather(query, 'changes', signal)).readChanges(query);
    },
  };
}
