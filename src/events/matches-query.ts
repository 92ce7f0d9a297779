import type { ObjectReference, RecordedEvent } from './event.ts';
import { happenedAt, lastHappenedAt } from './event-time.ts';
import type { EventQuery, ObjectFilter } from './query.ts';
import { hasWords, readSoughtWords } from './text-words.ts';

/** What a query looks at of a record. */
export type Matchable = Pick<RecordedEvent, 'cluster' | 'event' | 'points'>;

/** Whether a record is asked for: all conditions of the query but `limit`. */
export function matchesQuery(record: Matchable, query: EventQuery): boolean {
  return matchQuery(query)(record);
}

/** `matchesQuery` for many records: the query is read once. */
export function matchQuery(query: EventQuery): (record: Matchable) => boolean {
  const types = lowered(query.types);
  const kinds = lowered(query.kinds);
  const isWanted = matchFilters(query.for);
  const { clusters, namespaces, reasons, components, since, until, lastUntil } = query;
  const matchesText = matchMessages(query);
  return (record) => {
    const { event } = record;
    const { involvedObject: object, source, reportingController } = event;
    if (clusters?.includes(record.cluster) === false) return false;
    if (namespaces?.includes(event.namespace) === false) return false;
    if (types?.includes(event.type.toLowerCase()) === false) return false;
    if (reasons?.includes(event.reason) === false) return false;
    if (kinds?.includes(object.kind.toLowerCase()) === false) return false;
    if (components?.includes(source.component) === false && !components.includes(reportingController))
      return false;
    if (isWanted?.(object) === false) return false;
    if (since !== undefined && lastHappenedAt(event) < since) return false;
    if (lastUntil !== undefined && lastHappenedAt(event) > lastUntil) return false;
    if (until !== undefined && happenedAt(event) >= until) return false;
    return matchesText === undefined || matchesText(record);
  };
}

/** Filters by name, so that asking for a thousand Pods is no slower than for one. */
function matchFilters(
  filters: readonly ObjectFilter[] | undefined,
): ((object: ObjectReference) => boolean) | undefined {
  if (filters === undefined) return undefined;
  const byName = Map.groupBy(
    filters.map((filter) => ({ ...filter, kind: filter.kind.toLowerCase() })),
    ({ name }) => name,
  );
  const nameless = byName.get('') ?? [];
  return (object) =>
    byName.get(object.name)?.some((filter) => isAbout(object, filter)) === true ||
    nameless.some((filter) => isAbout(object, filter));
}

/** @param filter its kind in lower case */
function isAbout(object: ObjectReference, { kind, name, uid }: ObjectFilter): boolean {
  const ofKind = object.kind.toLowerCase();
  if ((kind !== '' && ofKind !== kind) || (name !== '' && object.name !== name)) return false;
  if (uid === undefined || object.uid === uid) return true;
  // Emitters that leave the uid out cannot be told apart from others of that name; kubelets write a Node's name instead.
  return object.uid === '' ? name !== '' : ofKind === 'node' && object.uid === object.name;
}

function matchMessages({ grep, text }: EventQuery): ((record: Matchable) => boolean) | undefined {
  if (grep === undefined && text === undefined) return undefined;
  const words = text === undefined ? undefined : readSoughtWords(text);
  return ({ event, points }) => {
    const messages = [event.message, ...points.map(({ message }) => message)];
    if (grep !== undefined && !messages.some((message) => message.search(grep) >= 0)) return false;
    return words === undefined || messages.some((message) => hasWords(message, words));
  };
}

function lowered(texts: readonly string[] | undefined): string[] | undefined {
  return texts?.map((text) => text.toLowerCase());
}
