import type { Micros } from '../lib/time.ts';
import type { LogRecord } from './log-records.ts';
import type { Attributes, AttributeValue, Resource, Span, SpanEvent, SpanLink } from './span.ts';

/** Who made the spans: OpenTelemetry's instrumentation scope. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

/** `SPAN_KIND_INTERNAL`. */
const INTERNAL = 1;
const ERROR = 2;
/** That the trace is sampled, and that no parent is remote. */
const SAMPLED = 0x101;

/**
 * Spans as the `resourceSpans` of an `ExportTraceServiceRequest`, in the JSON of OTLP 1.x: ids in hexadecimal, names in camelCase, 64-bit
 * numbers as strings (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 *
 * @returns to be printed with `JSON.stringify`
 */
export function toResourceSpans(spans: readonly Span[], scope: Scope): object[] {
  return [...Map.groupBy(spans, ({ resource }) => resource)].map(([resource, group]) => ({
    resource: resourceOf(resource),
    scopeSpans: [{ scope, spans: group.map(spanOf) }],
  }));
}

/** Log records as the `resourceLogs` of an `ExportLogsServiceRequest`, the same way. */
export function toResourceLogs(records: readonly LogRecord[], scope: Scope): object[] {
  return [...Map.groupBy(records, ({ resource }) => resource)].map(([resource, group]) => ({
    resource: resourceOf(resource),
    scopeLogs: [{ scope, logRecords: group.map(logOf) }],
  }));
}

function spanOf(span: Span): object {
  const { traceId, spanId, parentSpanId, name, error } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId !== '' && { parentSpanId }),
    flags: SAMPLED,
    name,
    kind: INTERNAL,
    startTimeUnixNano: nanos(span.from),
    endTimeUnixNano: nanos(span.to),
    attributes: attributesOf(span.attributes),
    ...(span.events.length > 0 && { events: span.events.map(eventOf) }),
    ...(span.droppedEvents > 0 && { droppedEventsCount: span.droppedEvents }),
    ...(span.links.length > 0 && { links: span.links.map(linkOf) }),
    ...(span.droppedLinks > 0 && { droppedLinksCount: span.droppedLinks }),
    status: error === undefined ? {} : { message: error, code: ERROR },
  };
}

function eventOf({ at, name, attributes }: SpanEvent): object {
  return { timeUnixNano: nanos(at), name, attributes: attributesOf(attributes) };
}

function linkOf({ traceId, spanId, attributes }: SpanLink): object {
  return { traceId, spanId, attributes: attributesOf(attributes), flags: SAMPLED };
}

function logOf(record: LogRecord): object {
  const { traceId, spanId, message, severity } = record;
  return {
    timeUnixNano: nanos(record.at),
    observedTimeUnixNano: nanos(record.at),
    ...(severity.number !== 0 && { severityNumber: severity.number }),
    ...(severity.text !== '' && { severityText: severity.text }),
    body: { stringValue: message },
    attributes: attributesOf(record.attributes),
    flags: SAMPLED & 0xff,
    traceId,
    spanId,
  };
}

function resourceOf({ attributes }: Resource): object {
  return { attributes: attributesOf(attributes) };
}

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { arrayValue: { values: value.map(anyValue) } };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Nothing is before 1970 in OTLP: times are unsigned. */
function nanos(at: Micros): string {
  return at > 0 ? `${Math.round(at)}000` : '0';
}
