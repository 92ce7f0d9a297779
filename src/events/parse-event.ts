import { parseTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { Event, EventForm, ObjectReference } from './event.ts';
import { printPlain } from './print-event.ts';
import { findResidue } from './residue.ts';
import { isWireObject, notAnEvent, readForm, type WireObject } from './wire-form.ts';
import {
  weighMicroTime,
  weighNumber,
  weighObject,
  weighRequiredText,
  weighText,
  weighTime,
} from './wire-weight.ts';

const NOTHING: WireObject = {};
const NO_SOURCE = { component: '', host: '' };

/**
 * Reads an Event of the Kubernetes API, in either form: `v1`, `events.k8s.io/v1` or its older versions (which have the same fields, and
 * are printed as `events.k8s.io/v1`).
 *
 * Takes everything that the API server accepts by hand and worse: a field that is missing or of a wrong type reads as empty and is kept
 * as it was in `residue`. `metadata.managedFields` is dropped.
 *
 * @param object a JSON value
 * @param listed the form of the list it is an item of, for items of a raw list that do not tell theirs
 * @throws HarkError `not-an-event` when it is no object of kind Event
 */
export function parseEvent(object: unknown, listed?: EventForm): Event {
  const form = readForm(object, listed);
  const wire = object as WireObject;
  return form === 'v1' ? parseV1(wire) : parseEventsV1(wire);
}

function parseV1(wire: WireObject): Event {
  const { reason, message, type, action, count, series, related, reportingComponent, reportingInstance } =
    wire;
  const eventTime = time(wire.eventTime);
  const first = time(wire.firstTimestamp);
  const last = time(wire.lastTimestamp);
  const weight =
    weighHeader(wire) +
    weighReference(wire.involvedObject) +
    weighSource(wire.source) +
    weighTime(wire.firstTimestamp, first) +
    weighTime(wire.lastTimestamp, last) +
    weighMicroTime(wire.eventTime, eventTime) +
    weighRequiredText(reportingComponent) +
    weighRequiredText(reportingInstance) +
    weighText(reason) +
    weighText(message) +
    weighText(type) +
    weighText(action) +
    weighNumber(count) +
    weighSeries(series) +
    (related === undefined ? 0 : weighReference(related));
  const event = makeEvent(
    'v1',
    wire,
    wire.involvedObject,
    wire.source,
    message,
    reportingComponent,
    count,
    first,
    last,
    eventTime,
  );
  return weighObject(wire, weight) === 1 ? event : withResidue(event, wire);
}

function parseEventsV1(wire: WireObject): Event {
  const {
    reason,
    note,
    type,
    action,
    deprecatedCount,
    series,
    related,
    reportingController,
    reportingInstance,
  } = wire;
  const eventTime = time(wire.eventTime);
  const first = time(wire.deprecatedFirstTimestamp);
  const last = time(wire.deprecatedLastTimestamp);
  const weight =
    weighHeader(wire) +
    weighReference(wire.regarding) +
    weighSource(wire.deprecatedSource) +
    weighTime(wire.deprecatedFirstTimestamp, first) +
    weighTime(wire.deprecatedLastTimestamp, last) +
    weighMicroTime(wire.eventTime, eventTime) +
    weighText(reportingController) +
    weighText(reportingInstance) +
    weighText(reason) +
    weighText(note) +
    weighText(type) +
    weighText(action) +
    weighNumber(deprecatedCount) +
    weighSeries(series) +
    (related === undefined ? 0 : weighReference(related));
  const { regarding, deprecatedSource } = wire;
  const event = makeEvent(
    'events.k8s.io/v1',
    wire,
    regarding,
    deprecatedSource,
    note,
    reportingController,
    deprecatedCount,
    first,
    last,
    eventTime,
  );
  return weighObject(wire, weight) === 1 ? event : withResidue(event, wire);
}

function makeEvent(
  form: EventForm,
  wire: WireObject,
  involvedObject: unknown,
  source: unknown,
  message: unknown,
  reportingController: unknown,
  count: unknown,
  firstTimestamp: Micros | undefined,
  lastTimestamp: Micros | undefined,
  eventTime: Micros | undefined,
): Event {
  const metadata = fields(wire.metadata);
  return {
    form,
    name: text(metadata.name),
    namespace: text(metadata.namespace),
    uid: text(metadata.uid),
    resourceVersion: text(metadata.resourceVersion),
    creationTimestamp: time(metadata.creationTimestamp),
    type: text(wire.type),
    reason: text(wire.reason),
    message: text(message),
    involvedObject: parseReference(involvedObject),
    related: isWireObject(wire.related) ? parseReference(wire.related) : undefined,
    source: parseSource(source),
    reportingController: text(reportingController),
    reportingInstance: text(wire.reportingInstance),
    action: text(wire.action),
    count: integer(count),
    series: isWireObject(wire.series) ? parseSeries(wire.series) : undefined,
    firstTimestamp,
    lastTimestamp,
    eventTime,
    residue: undefined,
  };
}

/** @throws HarkError `not-an-event` when what is odd about it is nested thousands of levels deep */
function withResidue(event: Event, wire: WireObject): Event {
  try {
    return { ...event, residue: findResidue(printPlain(event, event.form), wire) };
  } catch (error) {
    if (error instanceof RangeError) throw notAnEvent('nested too deeply');
    throw error;
  }
}

function fields(value: unknown): WireObject {
  return isWireObject(value) ? value : NOTHING;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function integer(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : 0;
}

function time(value: unknown): Micros | undefined {
  return typeof value === 'string' ? parseTime(value) : undefined;
}

function parseReference(value: unknown): ObjectReference {
  const wire = fields(value);
  return {
    apiVersion: text(wire.apiVersion),
    kind: text(wire.kind),
    namespace: text(wire.namespace),
    name: text(wire.name),
    uid: text(wire.uid),
    resourceVersion: text(wire.resourceVersion),
    fieldPath: text(wire.fieldPath),
  };
}

function parseSource(value: unknown): Event['source'] {
  const { component, host } = fields(value);
  return component === undefined && host === undefined
    ? NO_SOURCE
    : { component: text(component), host: text(host) };
}

function parseSeries(wire: WireObject): Event['series'] {
  return { count: integer(wire.count), lastObservedTime: time(wire.lastObservedTime) };
}

/** Of kind, apiVersion and metadata. The first two tell nothing: they need not be there, and printing them sets them. */
function weighHeader(wire: WireObject): number {
  const { metadata, apiVersion, kind } = wire;
  if (!isWireObject(metadata)) return Number.NaN;
  const { creationTimestamp: created } = metadata;
  const weight =
    weighText(metadata.name) +
    weighText(metadata.namespace) +
    weighText(metadata.uid) +
    weighText(metadata.resourceVersion) +
    (created === undefined ? 0 : created === null ? Number.NaN : weighTime(created, time(created))) +
    (metadata.managedFields === undefined ? 0 : 1);
  return weighObject(metadata, weight) + (kind === undefined ? 0 : 1) + (apiVersion === undefined ? 0 : 1);
}

function weighReference(value: unknown): number {
  if (!isWireObject(value)) return Number.NaN;
  const weight =
    weighText(value.apiVersion) +
    weighText(value.kind) +
    weighText(value.namespace) +
    weighText(value.name) +
    weighText(value.uid) +
    weighText(value.resourceVersion) +
    weighText(value.fieldPath);
  return weighObject(value, weight);
}

function weighSource(value: unknown): number {
  if (!isWireObject(value)) return Number.NaN;
  return weighObject(value, weighText(value.component) + weighText(value.host));
}

function weighSeries(value: unknown): number {
  if (value === undefined) return 0;
  if (!isWireObject(value)) return Number.NaN;
  const observed = value.lastObservedTime;
  return weighObject(value, weighNumber(value.count) + weighMicroTime(observed, time(observed)));
}
