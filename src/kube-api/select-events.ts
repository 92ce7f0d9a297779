import type { Event, RecordedEvent } from '../events/event.ts';
import { printEvent } from '../events/print-event.ts';
import type { EventQuery } from '../events/query.ts';
import type { ListOptions } from './read-list-options.ts';
import type { Resource } from './resources.ts';
import {
  CORE_FIELDS,
  EVENTS_FIELDS,
  narrowByFields,
  parseFieldSelector,
  selectByFields,
} from './select-fields.ts';
import { parseLabelSelector } from './select-labels.ts';

/** Which Events are asked for. */
export interface EventSelection {
  /** May let others through. */
  readonly query: EventQuery;
  matches(record: RecordedEvent): boolean;
}

/**
 * What a list or watch asks for.
 *
 * @param namespace empty: all
 * @param name empty: all
 * @throws StatusError 400 for a selector that is none
 */
export function selectEvents(
  { form }: Resource,
  cluster: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { fieldSelector, labelSelector }: Pick<ListOptions, 'fieldSelector' | 'labelSelector'>,
): EventSelection {
  const isOfLabels = labelSelector === '' ? undefined : parseLabelSelector(labelSelector);
  const terms = parseFieldSelector(fieldSelector);
  const isOfFields = selectByFields<Event>(terms, form === 'v1' ? CORE_FIELDS : EVENTS_FIELDS);
  const narrowed = narrowByFields(terms);
  const isOfName = (event: Event) => name === '' || event.name === name;
  const query = {
    ...narrowed,
    clusters: [cluster],
    ...(namespace !== '' && { namespaces: [namespace] }),
  };
  return {
    query,
    matches: ({ cluster: uid, event }) =>
      uid === cluster &&
      (namespace === '' || event.namespace === namespace) &&
      isOfName(event) &&
      isOfFields(event) &&
      (isOfLabels === undefined || isOfLabels(readLabels(event))),
  };
}

/** Hardly an Event has any: they are part of the residue. */
function readLabels(event: Event): Readonly<Record<string, string>> {
  if (event.residue === undefined) return {};
  const { labels } = printEvent(event).metadata as { labels?: Readonly<Record<string, string>> };
  return labels ?? {};
}
