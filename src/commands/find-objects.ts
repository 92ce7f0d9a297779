import type { RecordedEvent } from '../events/event.ts';
import type { EventQuery } from '../events/query.ts';
import type { Source } from '../sources/source.ts';
import { filtersOf, type NamedObject } from './parse-objects.ts';

/** So many of the newest Events are searched for names that begin as typed. */
const SEARCHED = 20_000;

/** An object that the record has Events of. */
export interface FoundObject {
  /** As the record spells it; empty where the record has nothing of it. */
  readonly kind: string;
  /** Empty for what lives in no namespace. */
  readonly namespace: string;
  readonly name: string;
  /** All Events of its name, in time order; those of earlier objects of the same name are among them. */
  readonly events: readonly RecordedEvent[];
}

/**
 * The objects that a person means: those of that name, of every namespace and cluster that the source's scope covers; where there is none,
 * those whose names begin so, as for `kubectl describe`.
 *
 * @returns empty when the record has Events of none
 */
export async function findObjects(
  object: NamedObject,
  source: Source,
  signal: AbortSignal,
): Promise<FoundObject[]> {
  const exact = await readAll(source, { for: filtersOf(object), ...source.scope }, signal);
  if (exact.length > 0) return groupByObject(exact);
  const ofKind = await readAll(source, { kinds: object.kinds, limit: SEARCHED, ...source.scope }, signal);
  return groupByObject(ofKind.filter(({ event }) => event.involvedObject.name.startsWith(object.name)));
}

async function readAll(source: Source, query: EventQuery, signal: AbortSignal): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of source.reader.readEvents(query, signal))
    for (const record of page) records.push(record);
  return records;
}

/** Tells the Events of a stream apart by what they are about. */
export function groupByObject(records: readonly RecordedEvent[]): FoundObject[] {
  const groups = new Map<string, RecordedEvent[]>();
  for (const record of records) {
    const { kind, namespace, name } = record.event.involvedObject;
    const key = JSON.stringify([record.cluster, namespace, kind.toLowerCase(), name]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()].map(describeGroup);
}

function describeGroup(events: readonly RecordedEvent[]): FoundObject {
  const { kind = '', namespace = '', name = '' } = events[0]?.event.involvedObject ?? {};
  return { kind, namespace, name, events };
}
