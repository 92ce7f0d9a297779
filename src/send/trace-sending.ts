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
import { movedSpan } from './moved-span.ts';
import { type DueSpan, planTrace, type SendRules, type SentSpan, type SpansSince } from './plan-trace.ts';
import type { Sending } from './sending.ts';
import { sourcesOf } from './sources-of.ts';
import { firstBegin, type ToldRecord } from './told-record.ts';

/** What was sent of a trace. */
interface SentTrace {
  readonly rootId: string;
  readonly from: Micros;
  /** By id. */
  readonly spans: Map<string, SentSpan>;
  /** Its story was forgotten when it was over: what is told of it now is what came later. */
  readonly isPart: boolean;
}

/** A story of which something is to be sent. */
interface Pending {
  /** When it was told anew since it was last looked at: first and last. */
  news: { readonly first: Micros; readonly last: Micros } | undefined;
  /** Kept of a story that is told anew all the time, so that it never settles as a whole. */
  since: SpansSince | undefined;
  /** When to look at it. */
  due: Micros;
}

interface Moved {
  readonly due: Micros;
  readonly sources: ReadonlySet<string>;
}

/** Of so many traces whose stories are forgotten it is known what was sent: what comes later goes on with it. About 1 kB each. */
const MOST_FORGOTTEN = 20_000;
/** So many stories are sent before it is kept what of them was. */
const AT_ONCE = 1_000;

export interface TraceSendingOptions {
  readonly record: ToldRecord;
  readonly delivery: Delivery<{ readonly span: Span }>;
  readonly clock: Clock;
  readonly rules: SendRules;
  readonly keep: (marks: readonly Mark[]) => Promise<void>;
}

/** Sends stories as traces: each span when it has ended and settled, or gone on for long. */
export function openTraceSending({ record, delivery, clock, rules, keep }: TraceSendingOptions): Sending {
  const sent = new Map<string, SentTrace>();
  /** As their marks have it, the latest last. */
  const forgotten = new Map<string, string>();
  const pending = new Map<string, Pending>();
  /** Traces that were sent and are told otherwise now. */
  const moved = new Map<string, Moved>();

  function sentOf(traceId: string, story: Story): SentTrace {
    const known = find(traceId) ?? {
      rootId: rootIdOf(story),
      from: story.from,
      spans: new Map(),
      isPart: false,
    };
    sent.set(traceId, known);
    return known;
  }

  /** What was sent of a trace; of one that was forgotten, it is remembered. */
  function find(traceId: string): SentTrace | undefined {
    const mark = forgotten.get(traceId);
    if (mark === undefined) return sent.get(traceId);
    forgotten.delete(traceId);
    const known = readMark(mark);
    sent.set(traceId, known);
    return known;
  }

  async function sendDue(): Promise<boolean> {
    const now = clock.now();
    const due: string[] = [];
    for (const [id, story] of pending) if (story.due <= now) due.push(id);
    delivery.counts.waiting = due.length;
    for (let at = 0; at < due.length; at += AT_ONCE) {
      if (!(await sendStories(due.slice(at, at + AT_ONCE), now))) return false;
      delivery.counts.waiting = Math.max(0, due.length - at - AT_ONCE);
    }
    return true;
  }

  /** Plans story by story, only as fast as what is due of them is sent. */
  async function sendStories(ids: readonly string[], now: Micros): Promise<boolean> {
    const next = new Map<string, Micros>();
    const marked = new Set<string>();
    function* plan(): Generator<DueSpan & { readonly story: Story }> {
      for (const [story, trace] of record.trace(ids)) {
        const { spans, isPart } = find(trace.traceId) ?? NOTHING_SENT;
        const planned = planTrace(trace, spans, sinceOf(story, now), now, rules, isPart);
        next.set(story.id, planned.next);
        for (const due of planned.due) yield { ...due, story };
      }
    }
    const isAll = await delivery.deliver(
      cutBatches(plan(), ({ span }) => sizeOfSpan(span)),
      (done) => {
        for (const { story, of, sent: how, span } of done) {
          sentOf(span.traceId, story).spans.set(of, how);
          marked.add(span.traceId);
        }
      },
    );
    await keep([...marked].map(markOf));
    if (isAll) for (const id of ids) settle(id, next.get(id) ?? Number.POSITIVE_INFINITY);
    return isAll;
  }

  /** Undefined when all of a story has been told the same for long enough. */
  function sinceOf(story: Story, now: Micros): SpansSince | undefined {
    const known = pending.get(story.id);
    if (known?.news === undefined || known.news.last + rules.settle <= now) return undefined;
    known.since ??= new Map();
    return known.since;
  }

  function settle(id: string, next: Micros): void {
    const known = pending.get(id);
    if (known === undefined) return;
    if (next === Number.POSITIVE_INFINITY) pending.delete(id);
    else [known.news, known.due] = [undefined, next];
  }

  async function sendMoved(): Promise<void> {
    const now = clock.now();
    const due = [...moved].filter(([, each]) => each.due <= now);
    if (due.length === 0) return;
    const heirs = record.telling(new Set(due.flatMap(([, { sources }]) => [...sources])));
    for (const [traceId, { sources }] of due) {
      const known = sent.get(traceId);
      if (known !== undefined) {
        const span = moveOf(traceId, known, heirsOf(sources, heirs));
        if (!(await delivery.deliver([[{ span }]], () => {}))) return;
        sent.delete(traceId);
        await keep([[traceId, undefined]]);
      }
      moved.delete(traceId);
    }
  }

  function moveOf(traceId: string, known: SentTrace, heirs: readonly string[]): Span {
    const root = known.spans.get(known.rootId);
    const isWhole = root === undefined || rules.resend;
    const spanId = isWhole ? known.rootId : stableId(`moved/${known.rootId}/${root.more + 1}`);
    const parentSpanId = isWhole ? '' : known.rootId;
    return movedSpan({ traceId, spanId, parentSpanId }, known.from, endOf(known), heirs);
  }

  function markOf(traceId: string): Mark {
    const known = sent.get(traceId);
    return [traceId, known === undefined ? undefined : formatMark(known)];
  }

  return {
    keeper: 'otlp-traces',
    delivery,
    restore(marks) {
      for (const [traceId, value] of marks) {
        const known = readMark(value);
        if (known.isPart) {
          forgotten.set(traceId, value);
          continue;
        }
        sent.set(traceId, known);
        // Unless it is told again.
        moved.set(traceId, { due: clock.now() + rules.settle, sources: new Set() });
      }
    },
    learn(told, gone) {
      const now = clock.now();
      for (const story of told) {
        const known = pending.get(story.id);
        const first = known?.news?.first ?? now;
        const news = { first, last: now };
        const due = Math.min(now, first + rules.settle) + rules.settle;
        if (known === undefined) pending.set(story.id, { news, since: undefined, due });
        else [known.news, known.due] = [news, due];
        if (moved.size > 0) moved.delete(traceIdOf(story));
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
        for (const { of, sent: how } of planTrace(trace, new Map(), undefined, now, all).due)
          sentOf(trace.traceId, story).spans.set(of, how);
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
        const known = sent.get(id);
        if (known !== undefined) forgotten.set(id, formatMark({ ...known, isPart: true }));
        sent.delete(id);
        moved.delete(id);
      }
      const lost = [...forgotten.keys()].slice(0, Math.max(0, forgotten.size - MOST_FORGOTTEN));
      for (const id of lost) forgotten.delete(id);
      return keep([...gone, ...lost].map((id) => [id, forgotten.get(id)]));
    },
    isDone: ({ id }) => !pending.has(id),
    since: () => firstBegin(record, pending.keys()),
  };
}

/** The traces of those that tell something of what is told no more. */
function heirsOf(sources: ReadonlySet<string>, telling: ReadonlyMap<string, Story>): string[] {
  const heirs = new Set<string>();
  for (const source of sources) {
    const story = telling.get(source);
    if (story !== undefined) heirs.add(traceIdOf(story));
  }
  return [...heirs];
}

function endOf({ from, spans }: SentTrace): Micros {
  return [...spans.values()].reduce((latest, { to }) => Math.max(latest, to), from);
}

const NOTHING_SENT = { spans: new Map<string, SentSpan>(), isPart: false };

/** `[ROOT, FROM, [[SPAN, DIGEST, TO, LAST, MORE], …], IS_PART]` */
function formatMark({ rootId, from, spans, isPart }: SentTrace): string {
  const rows = [...spans].map(([id, { digest, to, last, more }]) => [id, digest, to, last, more]);
  return JSON.stringify([rootId, from, rows, isPart]);
}

function readMark(value: string): SentTrace {
  const [rootId, from, rows, isPart] = JSON.parse(value) as [
    string,
    Micros,
    [string, number, Micros, Micros, number][],
    boolean,
  ];
  const byId = rows.map(([id, digest, to, last, more]) => [id, { digest, to, last, more }] as const);
  return { rootId, from, spans: new Map(byId), isPart };
}
