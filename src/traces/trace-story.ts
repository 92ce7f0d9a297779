import type { RecordedEvent } from '../events/event.ts';
import { formatMicroTime } from '../lib/rfc3339.ts';
import type { Micros } from '../lib/time.ts';
import type { ObjectId } from '../objects/object.ts';
import type { Step, Story } from '../stories/story.ts';
import { eventsOfChange } from './describe-change.ts';
import { instanceOf } from './heard.ts';
import { type Gathered, put, putName, putObject } from './object-attributes.ts';
import type { Resources } from './open-resources.ts';
import { eventsOfRepeats, keepEnds } from './repeat-events.ts';
import type { Span, SpanEvent, SpanLink, Trace } from './span.ts';
import { rootIdOf, spanIdOf, traceIdOf } from './span-ids.ts';
import { notBefore, type Stretch, stretchOf, stretchOfStory } from './span-times.ts';
import { describeStep } from './step-attributes.ts';
import type { Given } from './trace-stories.ts';

/** At most so many events and links a span has, as OpenTelemetry's SDKs do; the rest is counted. */
const MOST = 128;

/** Of a span whose end is not known yet. */
const OPEN = 'hark.open';
const NONE: readonly SpanEvent[] = [];

/** While what is below it is not known yet. */
interface GrowingSpan extends Omit<Span, 'to'> {
  to: Micros;
}

interface Place {
  readonly story: Story;
  readonly traceId: string;
  readonly parentSpanId: string;
  /** When its cause began. */
  readonly since: Micros;
  readonly above: readonly ObjectId[];
  readonly resources: Resources;
  readonly given: Given;
  readonly into: GrowingSpan[];
}

/**
 * A story as a trace: the story itself is the root span, each step a span below the one that caused it. A change that set nothing in motion is
 * an event of the span it happened in.
 */
export function traceStory(
  story: Story,
  links: readonly SpanLink[],
  resources: Resources,
  given: Given,
): Trace {
  const [traceId, rootId] = [traceIdOf(story), rootIdOf(story)];
  const own = stretchOfStory(story, given.asOf);
  const above = [...(story.owner === undefined ? [] : [story.owner]), story.object];
  const below: GrowingSpan[] = [];
  const place = {
    story,
    traceId,
    parentSpanId: rootId,
    since: own.from,
    above,
    resources,
    given,
    into: below,
  };
  for (const step of spansAmong(story.steps)) addSpan(step, place);
  const to = below.reduce((latest, span) => Math.max(latest, span.to), own.to);
  const root = rootOf(story, links, { ...own, to }, place);
  return { traceId, storyId: story.id, spans: [root, ...below] };
}

function rootOf(story: Story, links: readonly SpanLink[], stretch: Stretch, place: Place): Span {
  const { traceId, parentSpanId, resources, given } = place;
  const { root, object, kind } = story;
  const changes = eventsOfChanges(root === undefined ? story.steps : [root, ...story.steps], given);
  const events = keepEnds(changes, MOST);
  const kept = keepEnds(links, MOST);
  return {
    traceId,
    spanId: parentSpanId,
    parentSpanId: '',
    name: `${object.kind || 'Object'}.${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
    ...stretch,
    error: story.outcome === 'failed' ? story.summary || story.title : undefined,
    attributes: describeStory(story, stretch),
    events,
    droppedEvents: changes.length - events.length,
    links: kept,
    droppedLinks: links.length - kept.length,
    resource: resources.find(object.cluster, whoBegan(story), '', ''),
    stepId: '',
  };
}

/** Who made the change, else who told of it first. */
function whoBegan({ root, steps }: Story): string {
  return root?.by || (steps.find(({ source }) => source === 'event')?.by ?? '');
}

function describeStory(story: Story, { open }: Stretch): Gathered {
  const { owner, object, kind, title, outcome, summary, notes, root, id } = story;
  const into: Gathered = {};
  if (owner !== undefined) putName(into, owner);
  putObject(into, object);
  put(into, 'hark.story.id', id);
  put(into, 'hark.story.kind', kind);
  put(into, 'hark.story.title', title);
  put(into, 'hark.story.summary', summary);
  put(into, 'hark.story.notes', notes);
  put(into, 'hark.outcome', outcome);
  put(into, 'hark.manager', root?.by);
  if (open) into[OPEN] = true;
  return into;
}

function addSpan(step: Step, place: Place): GrowingSpan {
  const { story, since, given, into } = place;
  const stretch = notBefore(stretchOf(step, story, given.asOf), since);
  const span = spanOf(step, stretch, place);
  into.push(span);
  const steps = spansAmong(step.steps);
  if (steps.length === 0) return span;
  const above = [...place.above, step.object];
  const within = { ...place, parentSpanId: span.spanId, since: stretch.from, above };
  for (const below of steps) span.to = Math.max(span.to, addSpan(below, within).from);
  return span;
}

function spanOf(step: Step, stretch: Stretch, place: Place): GrowingSpan {
  const { traceId, parentSpanId, above, resources, given } = place;
  const event = findFirst(step.sources, given)?.event;
  const told = eventsOf(step, given);
  const events = keepEnds(told, MOST);
  const attributes = describeStep(step, above, event);
  if (stretch.open) attributes[OPEN] = true;
  if (stretch.from !== step.at) attributes['hark.reported_time'] = formatMicroTime(step.at);
  return {
    traceId,
    spanId: spanIdOf(traceId, step.id),
    parentSpanId,
    name: nameStep(step),
    ...stretch,
    error: isError(step) ? step.lastMessage || step.message || step.says : undefined,
    attributes,
    events,
    droppedEvents: told.length - events.length,
    links: [],
    droppedLinks: 0,
    resource: resources.find(
      step.object.cluster,
      step.source === 'inferred' ? 'hark' : step.by,
      event === undefined ? step.host : instanceOf(event),
      step.host,
    ),
    stepId: step.id,
  };
}

/** The first Event of several that is known. */
function findFirst(sources: readonly string[], { heard }: Given): RecordedEvent | undefined {
  for (const source of sources) {
    const record = heard.findEvent(source);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** The repeats of a step, and what changed meanwhile and set nothing in motion. */
function eventsOf(step: Step, given: Given): readonly SpanEvent[] {
  const repeats = step.occurrences.length > 1 ? eventsOfRepeats(step) : NONE;
  const changes = eventsOfChanges(step.steps, given);
  return changes.length === 0 ? repeats : [...repeats, ...changes].sort((a, b) => a.at - b.at);
}

function nameStep({ object, reason, source }: Step): string {
  const kind = object.kind || 'Object';
  if (source === 'inferred') return kind;
  return `${kind}.${reason || 'Event'}`;
}

/** What went wrong and was not overcome, by what its reason means or by the Event's own type. */
function isError({ severity, type, outcome }: Step): boolean {
  if (outcome === 'succeeded' || outcome === 'superseded') return false;
  if (severity === 'error' || severity === 'warning') return true;
  return outcome === 'failed' && type !== '' && type !== 'Normal';
}

function isEvent(step: Step): boolean {
  return step.source === 'change' && step.steps.length === 0;
}

function spansAmong(steps: readonly Step[]): readonly Step[] {
  return steps.length === 0 ? steps : steps.filter((step) => !isEvent(step));
}

function eventsOfChanges(steps: readonly Step[], { heard }: Given): readonly SpanEvent[] {
  if (!steps.some(isEvent)) return NONE;
  return steps
    .filter(isEvent)
    .flatMap((step) => eventsOfChange(step, heard))
    .sort((a, b) => a.at - b.at);
}
