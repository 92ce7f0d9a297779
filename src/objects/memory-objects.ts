import { compareText } from '../events/compare-events.ts';
import { type Change, identifyChange } from './change.ts';
import { dropEchoes } from './echo-changes.ts';
import { matchChanges, matchObjects } from './matches-object-query.ts';
import { mergeChanges } from './merge-changes.ts';
import { mergeObjects } from './merge-objects.ts';
import type { KubernetesObject } from './object.ts';
import { nameKey } from './object.ts';
import type { ObjectQuery, ObjectReader } from './object-query.ts';

/** Objects and changes in memory: of a file, of several sources joined. */
export interface ObjectMemory extends ObjectReader {
  /** Takes in one more state of an object; in any order, and the same one any number of times. */
  addObject(object: KubernetesObject): void;
  /** Takes in a change; of one that is known already, `mergeChanges` says what stays. */
  addChange(change: Change): void;
}

export function createObjectMemory(): ObjectMemory {
  const objects = new Map<string, KubernetesObject>();
  const changes = new Map<string, Change>();
  return {
    addObject(object) {
      const key = object.uid === '' ? nameKey(object) : `${object.cluster}/${object.uid}`;
      const known = objects.get(key);
      objects.set(key, known === undefined ? object : mergeObjects(known, object));
    },
    addChange(change) {
      const id = identifyChange(change);
      const known = changes.get(id);
      changes.set(id, known === undefined ? change : mergeChanges(known, change));
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
