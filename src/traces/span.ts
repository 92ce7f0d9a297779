import type { Micros } from '../lib/time.ts';

/** What OpenTelemetry allows as an attribute's value, as far as it is used here. */
export type AttributeValue = string | number | boolean | readonly string[];

/** Attributes by name; what is not known is left out. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Who said it: what OpenTelemetry calls a resource. The same object for all that the same one said within one `traceStories`. */
export interface Resource {
  readonly attributes: Attributes;
}

/** Something within a span: a repeat, a change of an object. */
export interface SpanEvent {
  readonly at: Micros;
  readonly name: string;
  readonly attributes: Attributes;
}

/** To the root span of another trace. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** One step of a story, or (the root) the story itself. */
export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Of its cause; empty for the root. */
  readonly parentSpanId: string;
  /** `Pod.Pulling`: the kind of the object and the Event's reason; of the root what kind of story it is: `Deployment.Rollout`. */
  readonly name: string;
  readonly from: Micros;
  /** Never before `from`. Of what goes on, until when the record goes. */
  readonly to: Micros;
  /** It has not ended: `to` will grow. */
  readonly open: boolean;
  /** Why it counts as an error; undefined when it does not. */
  readonly error: string | undefined;
  readonly attributes: Attributes;
  /** In time order. */
  readonly events: readonly SpanEvent[];
  /** How many more events there would be. */
  readonly droppedEvents: number;
  readonly links: readonly SpanLink[];
  /** How many more links there would be. */
  readonly droppedLinks: number;
  readonly resource: Resource;
  /** The id of the step that it is; empty for the root. */
  readonly stepId: string;
}

/** A story as OpenTelemetry tells it. */
export interface Trace {
  readonly traceId: string;
  readonly storyId: string;
  /** The root first, then depth first, as the story has its steps. */
  readonly spans: readonly [Span, ...Span[]];
}
