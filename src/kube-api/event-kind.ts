import type { NumberedEvent } from '../events/numbered-event.ts';
import { type JsonObject, printEvent } from '../events/print-event.ts';
import { EVENT_COLUMNS, printEventCells } from './event-columns.ts';
import type { Kind, KubeObject } from './print-object.ts';
import { formatResourceVersion } from './resource-version.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** An Event as an API server answered it, but for its `resourceVersion`, which is of Hark's own numbering, and `managedFields`. */
export function printNumbered({ record, number }: NumberedEvent, resource: Resource): KubeObject {
  const { event } = record;
  const { kind, apiVersion: _form, metadata, ...object } = printEvent(event, resource.form);
  const { name, namespace, uid, resourceVersion: _, ...rest } = (metadata ?? {}) as JsonObject;
  return {
    body: {
      kind,
      apiVersion: apiVersionOf(resource),
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ...(uid !== undefined && { uid }),
        resourceVersion: formatResourceVersion(number),
        creationTimestamp: null,
        ...rest,
      },
      ...object,
    },
    cells: (now) => printEventCells(record, now),
  };
}

/** How Events are answered in one of their versions. */
export function eventKind(resource: Resource): Kind {
  return { resource, columns: EVENT_COLUMNS, empty: resource.form === 'v1' ? EMPTY_CORE : EMPTY_EVENTS };
}

const EMPTY_CORE = {
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
};

const EMPTY_EVENTS = {
  eventTime: null,
  regarding: {},
  deprecatedSource: {},
  deprecatedFirstTimestamp: null,
  deprecatedLastTimestamp: null,
};
