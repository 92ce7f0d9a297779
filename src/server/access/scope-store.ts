import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { RecordedEvent } from '../../events/event.ts';
import type { NumberedEvent } from '../../events/numbered-event.ts';
import type { EventQuery } from '../../events/query.ts';
import { HarkError } from '../../lib/errors.ts';
import type { ObjectQuery } from '../../objects/object-query.ts';
import { readObjectId } from '../../objects/read-object.ts';
import { mergePages } from '../../sources/merge-pages.ts';
import type { ChangedEvents, Store } from '../../store/store.ts';
import { type Scope, seesNamespace, seesObject } from './scope.ts';

export interface ScopeSize {
  readonly events: number;
  readonly objects: number;
}

/**
 * The record as those see it who may see a part of it. Whatever is asked, nothing else is in an answer: questions are narrowed to the scope, and
 * what they find is looked at once more.
 *
 * @param count how many Events there are in the scope, and how much is known of its objects: grows when there is more
 */
export function scopeStore(store: Store, scope: Scope, count: () => ScopeSize): Store {
  const seesEvent = ({ cluster, event }: RecordedEvent) => seesNamespace(scope, cluster, event.namespace);
  const seesPlace = (cluster: string, namespace: string) =>
    scope.has(cluster) && (namespace === '' || seesNamespace(scope, cluster, namespace));

  return {
    readEvents: (query, signal) =>
      readParts(query, (part) => choose(store.readEvents(part, signal), seesEvent), compareRecordedEvents),
    readNumbered: (query, signal) =>
      readParts(
        query,
        (part) => choose(store.readNumbered(part, signal), ({ record }) => seesEvent(record)),
        (a: NumberedEvent, b: NumberedEvent) => compareRecordedEvents(a.record, b.record),
      ),
    async readGaps(query) {
      const parts = narrowQuery(query, scope);
      const gaps = (await Promise.all(parts.map((part) => store.readGaps(part)))).flat();
      return gaps
        .filter(({ cluster, namespace }) => seesPlace(cluster, namespace))
        .sort((a, b) => a.from - b.from);
    },
    async readClusters() {
      return (await store.readClusters()).filter(({ uid }) => scope.has(uid));
    },
    async readCoverage(cluster) {
      if (!scope.has(cluster)) return [];
      return (await store.readCoverage(cluster)).filter(({ namespace }) => seesPlace(cluster, namespace));
    },
    readObjects: (query, signal) =>
      readOf(
        query,
        (part) => store.readObjects(part, signal),
        (object) => seesObject(scope, object),
      ),
    readChanges: (query, signal) =>
      readOf(
        query,
        (part) => store.readChanges(part, signal),
        ({ object }) => seesObject(scope, object),
      ),
    readLastStates: (query, signal) =>
      readOf(
        query,
        (part) => store.readLastStates(part, signal),
        ({ cluster, object }) => seesObject(scope, readObjectId(object, cluster)),
      ),
    async *follow(query, signal) {
      for await (const page of store.follow(query, signal)) {
        const seen = page.filter(seesEvent);
        if (seen.length > 0) yield seen;
      }
    },
    readPlace: () => store.readPlace(),
    async readChanged(place, before) {
      const changed = await store.readChanged(place, before);
      return changed === 'gone' ? changed : { ...changed, records: hideOthers(changed.records) };
    },
    // Asked whether there is more; the rest would have to be read.
    async readSize() {
      const { events, objects } = count();
      return { events, occurrences: 0, objects, changes: 0, bytes: 0 };
    },
    write: () => Promise.reject(readOnly()),
    retain: () => Promise.reject(readOnly()),
    // The record itself is others', too.
    close: async () => {},
  };

  function readParts<T>(
    query: EventQuery,
    read: (part: EventQuery) => AsyncIterable<readonly T[]>,
    compare: (a: T, b: T) => number,
  ): AsyncIterable<readonly T[]> {
    const parts = narrowQuery(query, scope).map(read);
    const [only] = parts;
    if (only === undefined) return nothing();
    return parts.length === 1 ? only : merge(parts, compare, query.limit);
  }

  function hideOthers(records: ChangedEvents['records']): ChangedEvents['records'] {
    return records.map((record) => (record !== undefined && seesEvent(record) ? record : undefined));
  }

  function readOf<T>(
    query: ObjectQuery,
    read: (query: ObjectQuery) => AsyncIterable<readonly T[]>,
    sees: (item: T) => boolean,
  ): AsyncIterable<readonly T[]> {
    const clusters = [...scope.keys()].filter((uid) => query.clusters?.includes(uid) ?? true);
    return clusters.length === 0 ? nothing() : choose(read({ ...query, clusters }), sees);
  }
}

/** The same question of what the scope holds: one for all clusters of which everything may be seen, one for each other. */
function narrowQuery(query: EventQuery, scope: Scope): EventQuery[] {
  const whole: string[] = [];
  const parts: EventQuery[] = [];
  for (const [cluster, { namespaces }] of scope) {
    if (query.clusters?.includes(cluster) === false) continue;
    if (namespaces === 'all') {
      whole.push(cluster);
      continue;
    }
    const wanted = [...namespaces].filter((name) => query.namespaces?.includes(name) ?? true);
    if (wanted.length > 0) parts.push({ ...query, clusters: [cluster], namespaces: wanted });
  }
  return whole.length === 0 ? parts : [{ ...query, clusters: whole }, ...parts];
}

/** In time order; of a question with a limit, the newest. */
async function* merge<T>(
  parts: readonly AsyncIterable<readonly T[]>[],
  compare: (a: T, b: T) => number,
  limit: number | undefined,
): AsyncGenerator<readonly T[]> {
  const merged = mergePages(parts, compare);
  if (limit === undefined) return yield* merged;
  const all: T[] = [];
  for await (const page of merged) all.push(...page);
  if (limit > 0 && all.length > 0) yield all.slice(-limit);
}

async function* choose<T>(
  pages: AsyncIterable<readonly T[]>,
  sees: (item: T) => boolean,
): AsyncGenerator<readonly T[]> {
  for await (const page of pages) {
    const seen = page.filter(sees);
    if (seen.length > 0) yield seen;
  }
}

async function* nothing(): AsyncGenerator<never> {}

function readOnly(): HarkError {
  return new HarkError('read-only', 'a part of the record is for reading');
}
