import type { RecordedEvent } from '../../events/event.ts';
import { happenedAt } from '../../events/event-time.ts';
import type { EventQuery, ObjectFilter } from '../../events/query.ts';
import { hasWords, readSoughtWords } from './text-words.ts';

/** Makes the test whether a record is asked for, all conditions but `limit`. */
export function matchQuery(query: EventQuery): (record: RecordedEvent) => boolean {
  const types = lowered(query.types);
  const kinds = lowered(query.kinds);
  const words = query.text === undefined ? undefined : readSoughtWords(query.text);
  return (record) => {
    const { event, cluster } = record;
    const { since, until, grep } = query;
    if (query.clusters?.includes(cluster) === false) return false;
    if (query.namespaces?.includes(event.namespace) === false) return false;
    if (types?.includes(event.type.toLowerCase()) === false) return false;
    if (query.reasons?.includes(event.reason) === false) return false;
    if (kinds?.includes(event.involvedObject.kind.toLowerCase()) === false) return false;
    if (query.components !== undefined && !hasComponent(record, query.components)) return false;
    if (query.for?.some((filter) => isAbout(record, filter)) === false) return false;
    if (since !== undefined && !record.occurrences.some(({ at }) => at >= since)) return false;
    if (until !== undefined && happenedAt(event) >= until) return false;
    if (grep !== undefined && !record.points.some(({ message }) => message.search(grep) >= 0)) return false;
    return words === undefined || record.points.some(({ message }) => hasWords(message, words));
  };
}

function lowered(texts: readonly string[] | undefined): string[] | undefined {
  return texts?.map((text) => text.toLowerCase());
}

function hasComponent({ event }: RecordedEvent, components: readonly string[]): boolean {
  return components.includes(event.source.component) || components.includes(event.reportingController);
}

function isAbout({ event }: RecordedEvent, { kind, name, uid }: ObjectFilter): boolean {
  const object = event.involvedObject;
  if (kind !== '' && object.kind.toLowerCase() !== kind.toLowerCase()) return false;
  if (name !== '' && object.name !== name) return false;
  return uid === undefined || object.uid === uid || (object.kind === 'Node' && object.uid === object.name);
}
