import type { Micros, MicrosLength } from '../lib/time.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import type { Span, Trace } from '../traces/span.ts';

/** How a span was sent the last time. */
export interface SentSpan {
  /** Of what it said. */
  readonly digest: string;
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

/** Since when a span says what it says. */
export type SpansSince = Map<string, { readonly digest: string; readonly at: Micros }>;

/** Stands for what is said of a span that is told no more. */
const GONE = 'gone';
/** Links that point to what came later: they are sent when they are known by then, and nothing is sent again for their sake. */
const FORWARD: ReadonlySet<unknown> = new Set(['next-run', 'causes']);

/**
 * What of a trace is to be sent now.
 *
 * @param sent how its spans were sent, by id
 * @param since is kept up to date
 */
export function planTrace(
  trace: Trace,
  sent: ReadonlyMap<string, SentSpan>,
  since: SpansSince,
  now: Micros,
  rules: SendRules,
): TracePlan {
  const due: DueSpan[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const span of trace.spans) {
    const { spanId } = span;
    const digest = digestOf(span);
    const before = sent.get(spanId);
    if (before?.digest === digest) continue;
    const known = since.get(spanId);
    const at = known?.digest === digest ? known.at : now;
    since.set(spanId, { digest, at });
    const wait = span.open ? waitOfOpen(span, before, rules) : at + rules.settle - now;
    if (wait > 0) next = Math.min(next, now + wait);
    else due.push(sendingOf(span, digest, before, rules));
    if (span.open && wait <= 0) next = Math.min(next, now + Math.max(rules.openAfter, rules.settle));
  }
  const told = new Set(trace.spans.map(({ spanId }) => spanId));
  const [root] = trace.spans;
  for (const [of, before] of sent) {
    if (told.has(of) || before.digest === GONE) continue;
    const at = since.get(of)?.digest === GONE ? (since.get(of)?.at ?? now) : now;
    since.set(of, { digest: GONE, at });
    if (at + rules.settle > now) next = Math.min(next, at + rules.settle);
    else due.push(goneSpan(of, before, root, rules));
  }
  return { due, next };
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

function sendingOf(span: Span, digest: string, before: SentSpan | undefined, { resend }: SendRules): DueSpan {
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

function digestOf({ spanId: _, traceId: _trace, stepId: _step, links, resource, ...said }: Span): string {
  const backward = links.filter(({ attributes }) => !FORWARD.has(attributes['hark.link']));
  return stableId(JSON.stringify([said, backward, resource.attributes]));
}
