import type { DumpInput } from '../dumps/read-dump.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { importDump } from './import-dump.ts';

/** What a file tells of objects beside their Events, in the order of its times; each is handed out once. */
export interface ToldObjects {
  /** What happened until then and was not taken yet. */
  takeUntil(at: Micros): {
    readonly objects: readonly KubernetesObject[];
    readonly changes: readonly Change[];
  };
}

/**
 * Reads a whole file for its objects and changes, that only all of it tells.
 *
 * @param scratch a file that is not there yet; it may be removed afterwards
 * @throws HarkError as `importDump` does
 */
export async function readToldObjects(
  input: DumpInput,
  name: string,
  scratch: string,
  signal: AbortSignal,
): Promise<ToldObjects> {
  const store = openSqliteStore({ file: scratch, mode: 'write' });
  const [objects, changes]: [KubernetesObject[], Change[]] = [[], []];
  try {
    const options = { name, cluster: undefined, namespace: undefined, signal, onProgress: () => {} };
    await importDump(input, store, options);
    for await (const page of store.readObjects({}, signal)) objects.push(...page);
    for await (const page of store.readChanges({}, signal)) changes.push(...page);
  } finally {
    await store.close();
  }
  // That an object is gone is told when the file is over.
  const told = objects.map((object) => ({ ...object, deletedAt: undefined }));
  return {
    takeUntil: (at) => ({
      objects: takeWhile(told, ({ createdAt }) => (createdAt ?? 0) <= at).map((object) => ({
        ...object,
        seenAt: Math.min(object.seenAt, at),
      })),
      changes: takeWhile(changes, (change) => change.at <= at),
    }),
  };
}

/** Takes out of the list what the condition holds for. */
function takeWhile<T>(list: T[], isDue: (value: T) => boolean): T[] {
  const due = list.filter(isDue);
  list.splice(0, list.length, ...list.filter((value) => !isDue(value)));
  return due;
}
