import type { Clock } from '../lib/clock.ts';
import type { Micros } from '../lib/time.ts';
import { cutBatches } from '../otlp/cut-batches.ts';
import { sizeOfSpan } from '../otlp/send.ts';
import type { Mark } from '../store/marks.ts';
import type { Story } from '../stories/story.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import type { Span } from '../traces/span.ts';
import { rootIdOf, traceIdOf } from '../traces/span-ids.ts';
import type { Delivery } from './deliver.ts';
import { type DueSpan, planTrace, type SendRules, type SentSpan, type SpansSince } from './plan-trace.ts';
import type { Sending } from './sending.ts';
import { firstBegin, movedSpan, sourcesOf, type ToldRecord } from './told-record.ts';

/** What was sent of a trace. */
interface SentTrace {
  readonly rootId: string;
  readonly from: Micros;
  /** By id. */
  readonly spans: Map<string, SentSpan>;
}

interface Pending {
  readonly since: SpansSince;
  due: Micros;
}

interface Moved {
  readonly due: Micros;
  readonly sources: ReadonlySet<string>;
}

function endOf({ from, spans }: SentTrace): Micros {
  return [...spans.values()].reduce((latest, { to }) => Math.max(latest, to), from);
}

/** So many stories are traced at once. */
const AT_ONCE = 1_000;

export interface TraceSendingOptions {
  readonly record: ToldRecord;
  readonly delivery: Delivery<Span>;
  readonly clock: Clock;
  readonly rules: SendRules;
  readonly keep: (marks: readonly Mark[]) => Promise<void>;
}

/** Sends stories as traces: each span when it has ended and settled, or gone on for long. */
export function openTraceSending({ record, delivery, clock, rules, keep }: TraceSendingOptions): Sending {
  const sent = new Map<string, SentTrace>();
  const pending = new Map<string, Pending>();
  /** Traces that were sent and are told otherwise now. */
  const moved = new Map<string, Moved>();

  function sentOf(story: Story): SentTrace {
    const known = sent.get(traceIdOf(story)) ?? {
      rootId: rootIdOf(story),
      from: story.from,
      spans: new Map(),
    };
    sent.set(traceIdOf(story), known);
    return known;
  }

  async function sendDue(): Promise<boolean> {
    const now = clock.now();
    const due = [...pending].filter((entry) => entry[1].due <= now).map(([id]) => id);
    delivery.counts.waiting = due.length;
    for (let at = 0; at < due.length; at += AT_ONCE) {
      if (!(await sendStories(due.slice(at, at + AT_ONCE), now))) return false;
      delivery.counts.waiting = Math.max(0, due.length - at - AT_ONCE);
    }
    return true;
  }

  async function sendStories(ids: readonly string[], now: Micros): Promise<boolean> {
    const items: (DueSpan & { readonly story: Story })[] = [];
    const next = new Map(ids.map((id) => [id, Number.POSITIVE_INFINITY]));
    for (const [story, trace] of record.trace(ids)) {
      const since = pending.get(story.id)?.since ?? new Map();
      const plan = planTrace(trace, sent.get(trace.traceId)?.spans ?? new Map(), since, now, rules);
      next.set(story.id, plan.next);
      for (const due of plan.due) items.push({ ...due, story });
    }
    const marked = new Set<string>();
    let isAll = true;
    for (const batch of cutBatches(items, ({ span }) => sizeOfSpan(span))) {
      const done = await delivery.deliver(batch.map(({ span }) => span));
      for (const { story, of, sent: how, span } of batch.slice(0, done)) {
        sentOf(story).spans.set(of, how);
        marked.add(span.traceId);
      }
      isAll = done === batch.length;
      if (!isAll) break;
    }
    await keep([...marked].map(markOf));
    if (!isAll) return false;
    for (const [id, at] of next) {
      const known = pending.get(id);
      if (at === Number.POSITIVE_INFINITY) pending.delete(id);
      else if (known !== undefined) known.due = at;
    }
    return true;
  }

  async function sendMoved(): Promise<void> {
    const now = clock.now();
    for (const [traceId, { due, sources }] of moved) {
      const known = sent.get(traceId);
      if (due > now) continue;
      if (known !== undefined) {
        const heirs = sources.size === 0 ? [] : record.telling(sources).map(traceIdOf);
        const root = known.spans.get(known.rootId);
        const spanId =
          root === undefined || rules.resend
            ? known.rootId
            : stableId(`moved/${known.rootId}/${root.more + 1}`);
        const to = endOf(known);
        const span = movedSpan({ traceId, spanId }, known.from, to, heirs);
        if (
          (await delivery.deliver([
            { ...span, parentSpanId: spanId === known.rootId ? '' : known.rootId },
          ])) === 0
        )
          return;
        sent.delete(traceId);
        await keep([[traceId, undefined]]);
      }
      moved.delete(traceId);
    }
  }

  function markOf(traceId: string): Mark {
    const known = sent.get(traceId);
    if (known === undefined) return [traceId, undefined];
    const spans = [...known.spans].map(([id, { digest, to, last, more }]) => [id, digest, to, last, more]);
    return [traceId, JSON.stringify([known.rootId, known.from, spans])];
  }

  return {
    keeper: 'otlp-traces',
    delivery,
    restore(marks) {
      for (const [traceId, value] of marks) {
        const [rootId, from, spans] = JSON.parse(value) as [
          string,
          Micros,
          [string, string, Micros, Micros, number][],
        ];
        const byId = spans.map(([id, digest, to, last, more]) => [id, { digest, to, last, more }] as const);
        sent.set(traceId, { rootId, from, spans: new Map(byId) });
        // Unless it is told again.
        moved.set(traceId, { due: clock.now() + rules.settle, sources: new Set() });
      }
    },
    learn(told, gone) {
      const now = clock.now();
      for (const story of told) {
        const known = pending.get(story.id);
        if (known === undefined) pending.set(story.id, { since: new Map(), due: now });
        else known.due = now;
        moved.delete(traceIdOf(story));
      }
      for (const story of gone) {
        pending.delete(story.id);
        if (sent.has(traceIdOf(story)))
          moved.set(traceIdOf(story), { due: now + rules.settle, sources: sourcesOf(story) });
      }
    },
    passOver() {
      const now = clock.now();
      const all = { settle: 0, openAfter: 0, resend: true };
      for (const [story, trace] of record.trace([...pending.keys()])) {
        if (story.endsAt === undefined || story.lastAt > now - rules.settle) continue;
        for (const { of, sent: how } of planTrace(trace, new Map(), new Map(), now, all).due)
          sentOf(story).spans.set(of, how);
        pending.delete(story.id);
      }
      return keep([...sent.keys()].map(markOf));
    },
    async send() {
      if (await sendDue()) await sendMoved();
    },
    forget(traceIds, oldest) {
      const isKept = ([id, known]: readonly [string, SentTrace]) =>
        traceIds.has(id) || (moved.has(id) && endOf(known) >= oldest);
      const gone = [...sent].filter((each) => !isKept(each)).map(([id]) => id);
      for (const id of gone) {
        sent.delete(id);
        moved.delete(id);
      }
      return keep(gone.map((id) => [id, undefined]));
    },
    isDone: ({ id }) => !pending.has(id),
    since: () => firstBegin(record, pending.keys()),
  };
}
