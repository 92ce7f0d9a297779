import type { Micros } from '../lib/time.ts';
import type { Event } from './event.ts';
import { isWireObject, type RenamedFields, type WireObject } from './wire-form.ts';

/**
 * Whether an object is exactly what the API server prints of the Event it was read as, so that there is no residue. Nearly all are.
 *
 * Every field has a weight: 1 when it is there in its usual spelling, 0 when it is left out as usual, NaN in every other case. When the sum
 * is the number of keys, there is nothing else in the object either. That is one addition per field, where a comparison would print first.
 */
export function isPlain(wire: WireObject, renamed: RenamedFields, event: Event): boolean {
  const isV1 = event.form === 'v1';
  const weight =
    weighMetadata(wire.metadata, event.creationTimestamp) +
    (wire.kind === undefined ? 0 : 1) +
    (wire.apiVersion === undefined ? 0 : 1) +
    weighReference(renamed.involvedObject) +
    weighSource(renamed.source) +
    weighTime(renamed.firstTimestamp, event.firstTimestamp) +
    weighTime(renamed.lastTimestamp, event.lastTimestamp) +
    weighMicroTime(wire.eventTime, event.eventTime) +
    (isV1 ? weighPrinted(renamed.reportingController) : weighText(renamed.reportingController)) +
    (isV1 ? weighPrinted(wire.reportingInstance) : weighText(wire.reportingInstance)) +
    weighText(wire.reason) +
    weighText(renamed.message) +
    weighText(wire.type) +
    weighText(wire.action) +
    weighNumber(renamed.count) +
    (wire.series === undefined ? 0 : weighSeries(wire.series, event.series)) +
    (wire.related === undefined ? 0 : weighReference(wire.related));
  return weighObject(wire, weight) === 1;
}

function weighMetadata(metadata: unknown, created: Micros | undefined): number {
  if (!isWireObject(metadata)) return Number.NaN;
  const { creationTimestamp, managedFields } = metadata;
  const weight =
    weighText(metadata.name) +
    weighText(metadata.namespace) +
    weighText(metadata.uid) +
    weighText(metadata.resourceVersion) +
    (creationTimestamp === undefined
      ? 0
      : created === undefined
        ? Number.NaN
        : weighTime(creationTimestamp, created)) +
    (managedFields === undefined ? 0 : 1);
  return weighObject(metadata, weight);
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

function weighSeries(value: unknown, series: Event['series']): number {
  if (!isWireObject(value)) return Number.NaN;
  const weight = weighNumber(value.count) + weighMicroTime(value.lastObservedTime, series?.lastObservedTime);
  return weighObject(value, weight);
}

/** Of a string that the API server leaves out when it is empty. */
function weighText(value: unknown): number {
  return value === undefined ? 0 : typeof value === 'string' && value !== '' ? 1 : Number.NaN;
}

/** Of a string that the API server prints always. */
function weighPrinted(value: unknown): number {
  return typeof value === 'string' ? 1 : Number.NaN;
}

/** Of a number that the API server leaves out when it is 0. */
function weighNumber(value: unknown): number {
  return value === undefined ? 0 : Number.isSafeInteger(value) && value !== 0 ? 1 : Number.NaN;
}

/** Of a `metav1.Time` that is printed always, null when there is none; `time` is what it was read as. */
function weighTime(value: unknown, time: Micros | undefined): number {
  if (value === null) return 1;
  return time !== undefined && typeof value === 'string' && value.length === 20 && isUsual(value)
    ? 1
    : Number.NaN;
}

/** Of a `metav1.MicroTime` that is printed always, null when there is none. */
function weighMicroTime(value: unknown, time: Micros | undefined): number {
  if (value === null) return 1;
  return time !== undefined && typeof value === 'string' && value.length === 27 && isUsual(value)
    ? 1
    : Number.NaN;
}

/** Whether a valid time of the right length is spelt with T, Z and a point, and has no leap second. */
function isUsual(text: string): boolean {
  const mark = text.charCodeAt(19);
  return (
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(17) !== 54 &&
    (mark === 90 || mark === 46) &&
    text.endsWith('Z')
  );
}

/** 1 when `weight` accounts for every key of the object. */
function weighObject(object: WireObject, weight: number): number {
  let keys = 0;
  for (const _ in object) keys++;
  return keys === weight ? 1 : Number.NaN;
}
