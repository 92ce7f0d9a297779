import type { RecordedEvent } from '../events/event.ts';
import type { EventQuery, EventReader, ObjectFilter } from '../events/query.ts';
import type { ObjectId } from '../objects/object.ts';
import type { ObjectReader } from '../objects/object-query.ts';
import { type OwnedObject, openOwnership } from './find-owned.ts';

/** Whom to ask, and about which part of the record. */
export interface FamilyQuestion {
  readonly reader: EventReader;
  readonly objects: ObjectReader;
  /** Of this only clusters, namespaces and times count: what has no Event in these is not looked for. */
  readonly query: EventQuery;
  /** The objects whose families are wanted, by kind and name. */
  readonly of: readonly ObjectFilter[];
  readonly signal?: AbortSignal;
}

/** Some objects and all they own. */
export interface Family {
  /** The objects asked about that anything is known of, with what they own below them. */
  readonly trees: readonly OwnedObject[];
  /** All of them, those asked about included, as `EventQuery.for` takes them. */
  readonly filters: readonly ObjectFilter[];
  /** Whether an Event is about one of them. Learns from it: what begins to be owned later is one of them too. */
  includes(record: Pick<RecordedEvent, 'cluster' | 'event' | 'points'>): boolean;
}

/** Kinds that own nothing that has Events. */
const CHILDLESS: ReadonlySet<string> = new Set([
  'pod',
  'node',
  'namespace',
  'event',
  'configmap',
  'secret',
  'serviceaccount',
  'persistentvolume',
  'persistentvolumeclaim',
  'horizontalpodautoscaler',
]);

/** Whether an object of a kind may own others: asking costs time. */
export function mayOwn(kind: string): boolean {
  return !CHILDLESS.has(kind.toLowerCase());
}

/**
 * Finds what some objects own, and what these own, and so on: by the objects where they are known, else by what controllers say and by names, as
 * stories do; so those that are gone are found too.
 */
export async function readFamily(question: FamilyQuestion): Promise<Family> {
  const { reader, objects, query, of, signal } = question;
  const { clusters, namespaces, since, until } = query;
  const scope = { ...(clusters && { clusters }), ...(namespaces && { namespaces }) };
  const bounds = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  const isMeant = (id: ObjectId) => of.some((filter) => isNamed(id, filter));
  const ownership = openOwnership();
  const learn = async (asked: EventQuery) => {
    for await (const page of reader.readEvents(asked, signal)) page.forEach(ownership.addEvent);
  };
  for await (const page of objects.readObjects(scope, signal)) page.forEach(ownership.addObject);
  await learn({ ...scope, ...bounds });
  if (since !== undefined || until !== undefined) await learnEarlier();

  /** What was made before the asked time may have been said to be made then. */
  async function learnEarlier(): Promise<void> {
    const asked = new Set<string>();
    for (;;) {
      const next = listFilters(ownership.find(isMeant), of).filter((filter) => !asked.has(keyOf(filter)));
      if (next.length === 0) return;
      for (const filter of next) asked.add(keyOf(filter));
      await learn({ ...scope, for: next });
    }
  }

  const trees = ownership.find(isMeant);
  return {
    trees,
    filters: listFilters(trees, of),
    includes(record) {
      ownership.addEvent(record);
      const { apiVersion, kind, namespace, name, uid } = record.event.involvedObject;
      return ownership.isUnder({ cluster: record.cluster, apiVersion, kind, namespace, name, uid }, isMeant);
    },
  };
}

function isNamed(id: ObjectId, { kind, name }: ObjectFilter): boolean {
  return id.name === name && id.kind.toLowerCase() === kind.toLowerCase();
}

function listFilters(trees: readonly OwnedObject[], of: readonly ObjectFilter[]): ObjectFilter[] {
  const filters = new Map(of.map((filter) => [keyOf(filter), filter]));
  const take = ({ id: { kind, name }, owned }: OwnedObject): void => {
    filters.set(keyOf({ kind, name }), { kind, name });
    owned.forEach(take);
  };
  trees.forEach(take);
  return [...filters.values()];
}

function keyOf({ kind, name }: ObjectFilter): string {
  return `${kind.toLowerCase()}/${name}`;
}
