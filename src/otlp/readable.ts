import type { HrTime, Attributes as SdkAttributes, SpanContext } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type Micros, SECOND } from '../lib/time.ts';
import type { LogRecord } from '../traces/log-records.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Attributes, Resource, Span } from '../traces/span.ts';
import type { SdkLogRecord, SdkSpan } from './exporter.ts';

const INTERNAL = 0;
const UNSET = 0;
const ERROR = 2;
const SAMPLED = 1;
const NANOS: number = 1_000;

/** Makes what OpenTelemetry's exporters take; the same resource for the same resource, which is how they group. */
export interface Converter {
  convertSpan(span: Span): SdkSpan;
  convertLog(record: LogRecord): SdkLogRecord;
}

export function openConverter(scope: Scope): Converter {
  const resources = new WeakMap<Resource, ReturnType<typeof resourceFromAttributes>>();
  const convertResource = (resource: Resource) => {
    const known = resources.get(resource) ?? resourceFromAttributes(convertAttributes(resource.attributes));
    resources.set(resource, known);
    return known;
  };
  return {
    convertSpan(span) {
      const { traceId, spanId, parentSpanId, error } = span;
      const context = contextOf(traceId, spanId);
      return {
        name: span.name,
        kind: INTERNAL,
        spanContext: () => context,
        ...(parentSpanId !== '' && { parentSpanContext: contextOf(traceId, parentSpanId) }),
        startTime: convertTime(span.from),
        endTime: convertTime(span.to),
        duration: convertTime(span.to - span.from),
        ended: true,
        status: error === undefined ? { code: UNSET } : { code: ERROR, message: error },
        attributes: convertAttributes(span.attributes),
        events: span.events.map(({ at, name, attributes }) => ({
          time: convertTime(at),
          name,
          attributes: convertAttributes(attributes),
        })),
        links: span.links.map((link) => ({
          context: contextOf(link.traceId, link.spanId),
          attributes: convertAttributes(link.attributes),
        })),
        resource: convertResource(span.resource),
        instrumentationScope: scope,
        droppedAttributesCount: 0,
        droppedEventsCount: span.droppedEvents,
        droppedLinksCount: span.droppedLinks,
      };
    },
    convertLog(record) {
      const { severity } = record;
      return {
        hrTime: convertTime(record.at),
        hrTimeObserved: convertTime(record.at),
        spanContext: contextOf(record.traceId, record.spanId),
        ...(severity.number !== 0 && { severityNumber: severity.number }),
        ...(severity.text !== '' && { severityText: severity.text }),
        body: record.message,
        attributes: convertAttributes(record.attributes),
        resource: convertResource(record.resource),
        instrumentationScope: scope,
        droppedAttributesCount: 0,
      };
    },
  };
}

function contextOf(traceId: string, spanId: string): SpanContext {
  return { traceId, spanId, traceFlags: SAMPLED };
}

/** The same object: nothing writes to it, though the SDK's type would let it. */
export function convertAttributes(attributes: Attributes): SdkAttributes {
  return attributes as SdkAttributes;
}

/** Seconds and nanoseconds; nothing is before 1970 in OTLP. */
export function convertTime(at: Micros): HrTime {
  const whole = Math.max(0, Math.round(at));
  return [Math.floor(whole / SECOND), (whole % SECOND) * NANOS];
}
