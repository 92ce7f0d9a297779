import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import type { Micros } from '../lib/time.ts';
import type { Step, Story } from '../stories/story.ts';
import type { Heard } from './heard.ts';
import type { Gathered } from './object-attributes.ts';
import type { Attributes, Resource, Span, Trace } from './span.ts';
import { putEvent } from './step-attributes.ts';

/** One happening of an Event as OpenTelemetry's log record, in the span of its step. */
export interface LogRecord {
  readonly at: Micros;
  /** The Event's message at that time. */
  readonly message: string;
  /** The number is 0 where the Event's type says nothing. */
  readonly severity: { readonly number: number; readonly text: string };
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
  readonly resource: Resource;
  /** Which Event: `CLUSTER/` and its identity; empty when that is not known. */
  readonly source: string;
}

/** As the Collector's k8seventsreceiver has it. */
const SEVERITIES: ReadonlyMap<string, number> = new Map([
  ['normal', 9],
  ['warning', 13],
]);
/** What a span says of itself, a happening does not. */
const OF_SPANS: ReadonlySet<string> = new Set([
  'k8s.event.message',
  'k8s.event.count',
  'k8s.event.type',
  'hark.events',
  'hark.last_message',
  'hark.open',
  'hark.reported_time',
  'hark.took_us',
]);

/**
 * Each happening of each Event that a story tells as a log record: the attributes of its step's span, what that Event is, and in
 * `k8s.event.count` how many there were by then. In the order of the steps, each step's in time order.
 */
export function logRecordsOf(story: Story, trace: Trace, heard: Pick<Heard, 'findEvent'>): LogRecord[] {
  const spans = new Map(trace.spans.map((span) => [span.stepId, span]));
  const records: LogRecord[] = [];
  const visit = (step: Step) => {
    const span = spans.get(step.id);
    if (step.source === 'event' && span !== undefined) records.push(...recordsOf(step, span, heard));
    step.steps.forEach(visit);
  };
  story.steps.forEach(visit);
  return records;
}

function recordsOf(step: Step, span: Span, heard: Pick<Heard, 'findEvent'>): LogRecord[] {
  const findSource = openSources(step, heard);
  const { traceId, spanId, resource } = span;
  const shared = Object.fromEntries(Object.entries(span.attributes).filter(([name]) => !OF_SPANS.has(name)));
  const severity = { number: SEVERITIES.get(step.type.toLowerCase()) ?? 0, text: step.type };
  let total = 0;
  return step.occurrences.map(({ at, count, message }) => {
    const record = findSource(at);
    total += count;
    return {
      at,
      message,
      severity,
      traceId,
      spanId,
      attributes: tellHappening(shared, record, total, count),
      resource,
      source: record === undefined ? '' : `${record.cluster}/${identify(record.event)}`,
    };
  });
}

function tellHappening(
  shared: Attributes,
  record: RecordedEvent | undefined,
  total: number,
  count: number,
): Attributes {
  const into: Gathered = { ...shared };
  if (record !== undefined) putEvent(into, record.event);
  into['k8s.event.count'] = total;
  if (count > 1) into['hark.repeats'] = count;
  return into;
}

/** Which Event happened at a time, of those that a step is made from; two at one time are told in turn. */
function openSources(step: Step, heard: Pick<Heard, 'findEvent'>): (at: Micros) => RecordedEvent | undefined {
  const records = step.sources.map(heard.findEvent).filter((record) => record !== undefined);
  if (records.length < 2) return () => records[0];
  const at = new Map<Micros, RecordedEvent[]>();
  for (const record of records)
    for (const occurrence of record.occurrences)
      at.set(occurrence.at, [...(at.get(occurrence.at) ?? []), record]);
  return (time) => at.get(time)?.shift() ?? records[0];
}
