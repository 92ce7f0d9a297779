import { parseTimeOrLast } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { Event, EventForm, ObjectReference } from './event.ts';
import { isPlain } from './is-plain.ts';
import { printPlain } from './print-event.ts';
import { findResidue } from './residue.ts';
import {
  isWireObject,
  notAnEvent,
  type RenamedFields,
  readForm,
  readRenamed,
  type WireObject,
} from './wire-form.ts';

const NOTHING: WireObject = {};
const NO_SOURCE = { component: '', host: '' };

/**
 * Reads an Event of the Kubernetes API, in either form: `v1`, `events.k8s.io/v1` or its older versions (which have the same fields, and
 * are printed as `events.k8s.io/v1`).
 *
 * Takes everything that the API server accepts by hand and worse: a field that is missing or of a wrong type reads as empty and is kept
 * as it was in `residue`, and so is a time later than `Micros` holds, which reads as the last that it does. `metadata.managedFields` is dropped.
 *
 * @param object a JSON value
 * @param listed the form of the list it is an item of, for items of a raw list that do not tell theirs
 * @throws HarkError `not-an-event` when it is no object of kind Event
 */
export function parseEvent(object: unknown, listed?: EventForm): Event {
  const form = readForm(object, listed);
  const wire = object as WireObject;
  const renamed = readRenamed(wire, form);
  const event = readFields(form, wire, renamed);
  return isPlain(wire, renamed, event) ? event : withResidue(event, wire);
}

function readFields(form: EventForm, wire: WireObject, renamed: RenamedFields): Event {
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
    message: text(renamed.message),
    involvedObject: parseReference(fields(renamed.involvedObject)),
    related: isWireObject(wire.related) ? parseReference(wire.related) : undefined,
    source: parseSource(renamed.source),
    reportingController: text(renamed.reportingController),
    reportingInstance: text(wire.reportingInstance),
    action: text(wire.action),
    count: integer(renamed.count),
    series: isWireObject(wire.series) ? parseSeries(wire.series) : undefined,
    firstTimestamp: time(renamed.firstTimestamp),
    lastTimestamp: time(renamed.lastTimestamp),
    eventTime: time(wire.eventTime),
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
  return typeof value === 'string' ? parseTimeOrLast(value) : undefined;
}

function parseReference(wire: WireObject): ObjectReference {
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
