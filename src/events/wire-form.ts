import { HarkError } from '../lib/errors.ts';
import type { EventForm } from './event.ts';

/** A JSON object as it came over the wire: nothing is known of its values. */
export type WireObject = Readonly<Record<string, unknown>>;

/** Names at the top of an Event that differ between the two forms, in pairs; a name that is not among them is the same in both. */
const RENAMED: readonly (readonly [v1: string, eventsV1: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

const OTHER_NAME = new Map(RENAMED.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

/**
 * The name that a top-level field has in the other form. Its own inverse: an unknown field of one form that has a name of the other
 * (`note` in `v1`) is renamed too, so that nothing clashes and nothing is lost on the way there and back.
 */
export function nameInOtherForm(field: string): string {
  return OTHER_NAME.get(field) ?? field;
}

/** The values of the fields whose names differ between the forms, under their `v1` names. */
export type RenamedFields = Readonly<
  Record<
    | 'involvedObject'
    | 'message'
    | 'source'
    | 'firstTimestamp'
    | 'lastTimestamp'
    | 'count'
    | 'reportingController',
    unknown
  >
>;

/** The same as `RENAMED`, written out: this is read for every Event. */
export function readRenamed(wire: WireObject, form: EventForm): RenamedFields {
  const isV1 = form === 'v1';
  return {
    involvedObject: isV1 ? wire.involvedObject : wire.regarding,
    message: isV1 ? wire.message : wire.note,
    source: isV1 ? wire.source : wire.deprecatedSource,
    firstTimestamp: isV1 ? wire.firstTimestamp : wire.deprecatedFirstTimestamp,
    lastTimestamp: isV1 ? wire.lastTimestamp : wire.deprecatedLastTimestamp,
    count: isV1 ? wire.count : wire.deprecatedCount,
    reportingController: isV1 ? wire.reportingComponent : wire.reportingController,
  };
}

export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The form of an Event read from the wire. Items of a raw list say neither kind nor apiVersion: there `listed` tells, else the field that
 * names the object.
 *
 * @throws HarkError `not-an-event`
 */
export function readForm(object: unknown, listed: EventForm | undefined): EventForm {
  if (!isWireObject(object))
    throw notAnEvent(`a JSON ${object === null ? 'null' : Array.isArray(object) ? 'array' : typeof object}`);
  const { kind, apiVersion } = object;
  if (kind !== undefined && kind !== 'Event') throw notAnEvent(`of kind ${JSON.stringify(kind)}`);
  if (apiVersion === 'v1') return 'v1';
  if (apiVersion === 'events.k8s.io/v1') return apiVersion;
  if (apiVersion === undefined) return listed ?? guessForm(object);
  if (typeof apiVersion === 'string' && apiVersion.startsWith('events.k8s.io/')) return 'events.k8s.io/v1';
  throw notAnEvent(`an Event of apiVersion ${JSON.stringify(apiVersion)}`);
}

function guessForm(object: WireObject): EventForm {
  if (isWireObject(object.involvedObject)) return 'v1';
  if (isWireObject(object.regarding)) return 'events.k8s.io/v1';
  if (object.kind === 'Event') return 'v1';
  throw notAnEvent('an object without kind, involvedObject or regarding');
}

/** The error of everything that cannot be read as an Event. */
export function notAnEvent(what: string): HarkError {
  return new HarkError(
    'not-an-event',
    `cannot read an Event: this is ${what.slice(0, 200)}, wanted is kind "Event" of v1 or events.k8s.io/v1`,
  );
}
