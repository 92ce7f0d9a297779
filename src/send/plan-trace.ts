import type { Micros, MicrosLength } from '../lib/time.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import type { Span, Trace } from '../traces/span.ts';
import { digestSpan } from './digest-span.ts';

/** How a span was sent the last time. */
export interface SentSpan {
  /** Of what it said: `digestSpan`, or `GONE`. */
  readonly digest: number;
  readonly to: Micros;
  /** When the latest happening that was sent of it took place. */
  readonly last: Micros;
  /** How many times more than once. */
  readonly more: number;
}

/** When what is sent. */
export interface SendRules {
  /** What has ended is sent when nothing about it has changed for so long. */
  readonly settle: MicrosLength;
  /** What goes on is sent when it has done so for so long, and each time when it has gone on for twice as long. */
  readonly openAfter: MicrosLength;
  /** What was sent and has changed is sent whole under its own id again, not what is new of it as a span below. */
  readonly resend: boolean;
}

/** A span to be sent, and what is then known of the one that it is or goes on with. */
export interface DueSpan {
  readonly span: Span;
  readonly of: string;
  readonly sent: SentSpan;
}

export interface TracePlan {
  readonly due: readonly DueSpan[];
  /** When to look again, if nothing changes until then; infinite when all is sent. */
  readonly next: Micros;
}

/** How the spans of a trace were sent, by id. */
export type SentSpans = ReadonlyMap<string, SentSpan>;

/** Since when a span says what it says. */
export type SpansSince = Map<string, { readonly digest: number; readonly at: Micros }>;

/** Stands for what is said of a span that is told no more. */
const GONE = -1;

/**
 * What of a trace is to be sent now.
 *
 * @param sent how its spans were sent
 * @param isPart whether the rest of the trace was forgotten: what was sent and is not told is no news then
 * @param since when its spans were last seen to change, kept up to date; undefined when nothing of the trace has changed for long enough
 */
export function planTrace(
  trace: Trace,
  sent: SentSpans,
  since: SpansSince | undefined,
  now: Micros,
  rules: SendRules,
  isPart = false,
): TracePlan {
  const due: DueSpan[] = [];
  let next = Number.POSITIVE_INFINITY;
  const settlesAt = (id: string, digest: number): Micros => {
    if (since === undefined) return now;
    const known = since.get(id);
    if (known?.digest === digest) return known.at + rules.settle;
    since.set(id, { digest, at: now });
    return now + rules.settle;
  };
  for (const span of trace.spans) {
    const before = sent.get(span.spanId);
    const wait = span.open ? waitOfOpen(span, before, rules) : 0;
    if (wait > 0) {
      next = Math.min(next, now + wait);
      continue;
    }
    if (span.open) next = Math.min(next, now + Math.max(rules.openAfter, rules.settle));
    const digest = digestSpan(span);
    if (before?.digest === digest) continue;
    const at = span.open ? now : settlesAt(span.spanId, digest);
    if (at > now) next = Math.min(next, at);
    else due.push(sendingOf(span, digest, before, rules));
  }
  const [root] = trace.spans;
  for (const [of, before] of isPart ? [] : untold(trace, sent)) {
    const at = settlesAt(of, GONE);
    if (at > now) next = Math.min(next, at);
    else due.push(goneSpan(of, before, root, rules));
  }
  return { due, next };
}

/** What was sent and is told no more, and that was not said yet. */
function untold({ spans }: Trace, sent: SentSpans): readonly (readonly [string, SentSpan])[] {
  if (sent.size === 0) return [];
  const told = new Set(spans.map(({ spanId }) => spanId));
  return [...sent].filter(([of, { digest }]) => digest !== GONE && !told.has(of));
}

/** Of a span that was sent and is told no more: what it told is told by others of the trace. */
function goneSpan(of: string, { to, last, more }: SentSpan, root: Span, { resend }: SendRules): DueSpan {
  const span = {
    ...root,
    spanId: resend ? of : stableId(`more/${of}/${more + 1}`),
    parentSpanId: resend ? root.spanId : of,
    name: 'Story.Moved',
    from: to,
    to,
    open: false,
    error: undefined,
    attributes: { 'hark.gone': true },
    events: [],
    links: [],
    stepId: '',
  };
  return { of, span, sent: { digest: GONE, to, last, more: more + 1 } };
}

/** How much longer it has to go on. */
function waitOfOpen(span: Span, before: SentSpan | undefined, { openAfter }: SendRules): MicrosLength {
  if (before === undefined) return span.from + openAfter - span.to;
  const grown = openAfter === 0 ? 0 : Math.max(openAfter, before.to - span.from);
  return before.to + grown - span.to;
}

function sendingOf(span: Span, digest: number, before: SentSpan | undefined, { resend }: SendRules): DueSpan {
  const last = span.events.at(-1)?.at ?? span.from;
  const sent = { digest, to: span.to, last, more: before === undefined ? 0 : before.more + 1 };
  const whole = before === undefined || resend;
  return { of: span.spanId, sent, span: whole ? span : continuationOf(span, before) };
}

/** What is new of a span since it was sent, as a span below it: a backend that has the one shows the other beside it. */
function continuationOf(span: Span, { to: sentTo, last, more }: SentSpan): Span {
  const events = span.events.filter(({ at }) => at > last);
  const from = Math.max(span.from, Math.min(sentTo, events[0]?.at ?? sentTo));
  return {
    ...span,
    spanId: stableId(`more/${span.spanId}/${more + 1}`),
    parentSpanId: span.spanId,
    from,
    to: Math.max(from, span.to),
    attributes: { ...span.attributes, 'hark.continues': span.spanId },
    events,
    droppedEvents: 0,
  };
}
