import { formatMicroTime, formatTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { Event, EventForm, ObjectReference } from './event.ts';
import { applyResidue } from './residue.ts';
import { nameInOtherForm } from './wire-form.ts';

/** A JSON object under construction. */
export type JsonObject = Record<string, unknown>;

/**
 * Prints an Event as the API server does in the given form, `kind` and `apiVersion` always set: the exact original, key order and
 * `managedFields` aside, when that is the form it was read in; else all of it that the other form can say.
 */
export function printEvent(event: Event, form: EventForm = event.form): JsonObject {
  const plain = printPlain(event, form);
  if (event.residue === undefined) return plain;
  return applyResidue(plain, event.residue, form === event.form ? undefined : nameInOtherForm);
}

/** Prints the normalised fields alone, without the residue. */
export function printPlain(event: Event, form: EventForm): JsonObject {
  return form === 'v1' ? printV1(event) : printEventsV1(event);
}

function printV1(event: Event): JsonObject {
  const object: JsonObject = { kind: 'Event', apiVersion: 'v1', metadata: printMetadata(event) };
  object.involvedObject = printReference(event.involvedObject);
  setText(object, 'reason', event.reason);
  setText(object, 'message', event.message);
  object.source = printSource(event.source);
  object.firstTimestamp = printTime(event.firstTimestamp);
  object.lastTimestamp = printTime(event.lastTimestamp);
  if (event.count !== 0) object.count = event.count;
  setText(object, 'type', event.type);
  object.eventTime = printMicroTime(event.eventTime);
  if (event.series !== undefined) object.series = printSeries(event.series);
  setText(object, 'action', event.action);
  if (event.related !== undefined) object.related = printReference(event.related);
  object.reportingComponent = event.reportingController;
  object.reportingInstance = event.reportingInstance;
  return object;
}

function printEventsV1(event: Event): JsonObject {
  const object: JsonObject = {
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: printMetadata(event),
  };
  object.eventTime = printMicroTime(event.eventTime);
  if (event.series !== undefined) object.series = printSeries(event.series);
  setText(object, 'reportingController', event.reportingController);
  setText(object, 'reportingInstance', event.reportingInstance);
  setText(object, 'action', event.action);
  setText(object, 'reason', event.reason);
  object.regarding = printReference(event.involvedObject);
  if (event.related !== undefined) object.related = printReference(event.related);
  setText(object, 'note', event.message);
  setText(object, 'type', event.type);
  object.deprecatedSource = printSource(event.source);
  object.deprecatedFirstTimestamp = printTime(event.firstTimestamp);
  object.deprecatedLastTimestamp = printTime(event.lastTimestamp);
  if (event.count !== 0) object.deprecatedCount = event.count;
  return object;
}

function printMetadata(event: Event): JsonObject {
  const metadata: JsonObject = {};
  setText(metadata, 'name', event.name);
  setText(metadata, 'namespace', event.namespace);
  setText(metadata, 'uid', event.uid);
  setText(metadata, 'resourceVersion', event.resourceVersion);
  if (event.creationTimestamp !== undefined) metadata.creationTimestamp = formatTime(event.creationTimestamp);
  return metadata;
}

function printReference(reference: ObjectReference): JsonObject {
  const object: JsonObject = {};
  setText(object, 'kind', reference.kind);
  setText(object, 'namespace', reference.namespace);
  setText(object, 'name', reference.name);
  setText(object, 'uid', reference.uid);
  setText(object, 'apiVersion', reference.apiVersion);
  setText(object, 'resourceVersion', reference.resourceVersion);
  setText(object, 'fieldPath', reference.fieldPath);
  return object;
}

function printSource(source: Event['source']): JsonObject {
  const object: JsonObject = {};
  setText(object, 'component', source.component);
  setText(object, 'host', source.host);
  return object;
}

function printSeries(series: NonNullable<Event['series']>): JsonObject {
  const lastObservedTime = printMicroTime(series.lastObservedTime);
  return series.count === 0 ? { lastObservedTime } : { count: series.count, lastObservedTime };
}

function printTime(time: Micros | undefined): string | null {
  return time === undefined ? null : formatTime(time);
}

function printMicroTime(time: Micros | undefined): string | null {
  return time === undefined ? null : formatMicroTime(time);
}

function setText(object: JsonObject, key: string, value: string): void {
  if (value !== '') object[key] = value;
}
