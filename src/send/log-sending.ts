import type { Clock } from '../lib/clock.ts';
import type { Micros } from '../lib/time.ts';
import { cutBatches } from '../otlp/cut-batches.ts';
import { sizeOfLog } from '../otlp/send.ts';
import type { Mark } from '../store/marks.ts';
import { type LogRecord, logRecordsOf } from '../traces/log-records.ts';
import type { Delivery } from './deliver.ts';
import type { SendRules } from './plan-trace.ts';
import type { Sending } from './sending.ts';
import { firstBegin, type ToldRecord } from './told-record.ts';

interface DueLog {
  readonly log: LogRecord;
}

/** So many stories are traced at once. */
const AT_ONCE = 1_000;
/** Of so many Events that are forgotten it is known what was sent. */
const MOST_FORGOTTEN = 100_000;
/** Where something new is heard all the time, a story is sent after so many times the time to settle. */
const PATIENCE = 6;

export interface LogSendingOptions {
  readonly record: ToldRecord;
  readonly delivery: Delivery<{ readonly log: LogRecord }>;
  readonly clock: Clock;
  readonly rules: Pick<SendRules, 'settle'>;
  readonly keep: (marks: readonly Mark[]) => Promise<void>;
}

/** Sends each happening of each Event as a log record, once, when its story has settled. */
export function openLogSending({ record, delivery, clock, rules, keep }: LogSendingOptions): Sending {
  /** When the happenings took place that were sent, of each Event. */
  const sent = new Map<string, Micros[]>();
  /** Of each Event as it was kept before: how many, and the latest. */
  const kept = new Map<string, readonly [count: number, last: Micros]>();
  const pending = new Map<string, { readonly first: Micros; due: Micros }>();

  /** What was sent of an Event; of one that is kept from before, the earliest happenings. */
  function sentOf(source: string): Micros[] {
    const known = sent.get(source) ?? [];
    sent.set(source, known);
    const before = kept.get(source);
    if (before === undefined) return known;
    kept.delete(source);
    const [count, last] = before;
    const ats = (record.findEvent(source)?.occurrences ?? []).map(({ at }) => at).filter((at) => at <= last);
    // What came between since then cannot be told from what was sent.
    delivery.counts.dropped += Math.max(0, ats.length - count);
    known.push(...ats);
    return known;
  }

  function dueOf(ids: readonly string[]): DueLog[] {
    const due: DueLog[] = [];
    const seen = new Map<string, Micros[]>();
    for (const [story, trace] of record.trace(ids))
      for (const log of logRecordsOf(story, trace, record)) {
        const left = seen.get(log.source) ?? [...sentOf(log.source)];
        seen.set(log.source, left);
        const index = left.indexOf(log.at);
        if (index < 0) due.push({ log });
        else left.splice(index, 1);
      }
    return due;
  }

  async function sendStories(ids: readonly string[]): Promise<boolean> {
    const marked = new Set<string>();
    const batches = cutBatches(dueOf(ids), ({ log }) => sizeOfLog(log));
    const isAll = await delivery.deliver(batches, (done) => {
      for (const { log } of done) {
        sentOf(log.source).push(log.at);
        marked.add(log.source);
      }
    });
    await keep([...marked].map(markOf));
    if (isAll) for (const id of ids) pending.delete(id);
    return isAll;
  }

  function markOf(source: string): Mark {
    const ats = sentOf(source);
    return [source, `${ats.length} ${latestOf(ats)}`];
  }

  return {
    keeper: 'otlp-logs',
    delivery,
    restore(marks) {
      for (const [source, value] of marks) {
        const [count = 0, last = 0] = value.split(' ').map(Number);
        kept.set(source, [count, last]);
      }
    },
    learn(told, gone) {
      const now = clock.now();
      for (const { id } of told) {
        const first = pending.get(id)?.first ?? now;
        pending.set(id, { first, due: Math.min(now + rules.settle, first + PATIENCE * rules.settle) });
      }
      for (const { id } of gone) pending.delete(id);
    },
    passOver() {
      const passed = [...pending.keys()].filter((id) => {
        const story = record.get(id);
        return story?.endsAt !== undefined && story.lastAt <= clock.now() - rules.settle;
      });
      const marked = new Set<string>();
      for (const { log } of dueOf(passed)) {
        sentOf(log.source).push(log.at);
        marked.add(log.source);
      }
      for (const id of passed) pending.delete(id);
      return keep([...marked].map(markOf));
    },
    async send() {
      const due = [...pending].filter((entry) => entry[1].due <= clock.now()).map(([id]) => id);
      delivery.counts.waiting = due.length;
      for (let at = 0; at < due.length; at += AT_ONCE) {
        if (!(await sendStories(due.slice(at, at + AT_ONCE)))) return;
        delivery.counts.waiting = Math.max(0, due.length - at - AT_ONCE);
      }
    },
    forget() {
      for (const [source, ats] of sent) {
        if (record.findEvent(source) !== undefined) continue;
        sent.delete(source);
        if (ats.length > 0) kept.set(source, [ats.length, latestOf(ats)]);
      }
      const gone = [...kept.keys()].filter((source) => record.findEvent(source) === undefined);
      const lost = gone.slice(0, Math.max(0, gone.length - MOST_FORGOTTEN));
      for (const source of lost) kept.delete(source);
      return keep(lost.map((source) => [source, undefined]));
    },
    isDone: ({ id }) => !pending.has(id),
    since: () => firstBegin(record, pending.keys()),
  };
}

function latestOf(ats: readonly Micros[]): Micros {
  return ats.reduce((last, at) => Math.max(last, at), 0);
}
