import type { ClusterInfo } from '../events/query.ts';
import type { Cluster } from '../kube/cluster.ts';
import { readClusterObjects } from '../kube/read-cluster-objects.ts';
import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { createObjectMemory, joinObjectReaders, type ObjectMemory } from '../objects/memory-objects.ts';
import type { ObjectList } from '../objects/object-list.ts';
import type { ObjectQuery, ObjectReader } from '../objects/object-query.ts';

export interface LiveObjectsOptions {
  readonly cluster: Cluster;
  readonly info: ClusterInfo;
  /** The record of the same cluster, and perhaps of others; undefined when there is none. */
  readonly record: ObjectReader | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told what could not be read. */
  readonly onNotice: (text: string) => void;
}

/**
 * The objects of a live cluster and what can be told from them of what happened to them, joined with its record. The cluster is asked once for
 * each choice of namespaces, when the first question comes; where it does not answer, the record has to do.
 */
export function createLiveObjects(options: LiveObjectsOptions): ObjectReader {
  const { info, record, onNotice } = options;
  const asked = new Map<string, Promise<ReadLive>>();

  async function readOnce({ namespaces }: ObjectQuery, signal: AbortSignal): Promise<ReadLive> {
    const key = JSON.stringify(namespaces ?? null);
    const reading = asked.get(key) ?? readLive(options, namespaces, signal, onNotice);
    asked.set(key, reading);
    return await reading;
  }

  async function readJoined(query: ObjectQuery, signal: AbortSignal): Promise<ObjectReader> {
    const { memory } = await readOnce(query, signal);
    return record === undefined ? memory : joinObjectReaders([record, memory]);
  }

  return {
    async *readObjects(query, signal = options.signal) {
      const reader = await readJoined(query, signal);
      yield* reader.readObjects({ ...query, clusters: [info.uid] }, signal);
    },
    async *readChanges(query, signal = options.signal) {
      const reader = await readJoined(query, signal);
      yield* reader.readChanges({ ...query, clusters: [info.uid] }, signal);
    },
    readLists: async (query, signal = options.signal) => (await readOnce(query, signal)).lists,
  };
}

interface ReadLive {
  readonly memory: ObjectMemory;
  readonly lists: readonly ObjectList[];
}

async function readLive(
  { cluster, info, clock }: LiveObjectsOptions,
  namespaces: readonly string[] | undefined,
  signal: AbortSignal,
  onNote: (text: string) => void,
): Promise<ReadLive> {
  const memory = createObjectMemory();
  const lists: ObjectList[] = [];
  try {
    const pages = readClusterObjects(cluster, {
      cluster: info.uid,
      namespaces,
      changes: 'full',
      signal,
      clock,
      onNote,
      onList: (list) => lists.push(list),
    });
    for await (const page of pages)
      for (const { object, changes } of page) {
        memory.addObject(object);
        changes.forEach(memory.addChange);
      }
  } catch (error) {
    if (signal.aborted || !(error instanceof HarkError)) throw error;
    onNote(`Told without what changed of objects: ${error.message}`);
  }
  return { memory, lists };
}
