import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { Outlet } from '../otlp/open-outlet.ts';
import type { MarkReader, MarkWriter } from '../store/marks.ts';
import type { Story } from '../stories/story.ts';
import type { LogRecord } from '../traces/log-records.ts';
import type { Span } from '../traces/span.ts';
import { traceIdOf } from '../traces/span-ids.ts';
import { openDelivery, type SendCounts } from './deliver.ts';
import { openLogSending } from './log-sending.ts';
import type { SendRules } from './plan-trace.ts';
import type { Sending } from './sending.ts';
import { openToldRecord, type ReadStore } from './told-record.ts';
import { openTraceSending } from './trace-sending.ts';

export interface SenderOptions {
  /** Read from alone. */
  readonly store: ReadStore & MarkReader;
  /** Where is kept how far it got: the same store. */
  readonly marks: MarkWriter;
  readonly clock: Clock;
  /** Between 0 and 1, for the jitter of waits. */
  readonly random: () => number;
  readonly traces?: Outlet<Span>;
  readonly logs?: Outlet<LogRecord>;
  readonly rules?: Partial<SendRules>;
  /** So many Events are held when what they tell is sent; twice as many when it is not. Default 50,000. */
  readonly most?: number;
  /** Is told what a person should know. */
  readonly note: (text: string) => void;
}

export interface Sender {
  /** Reads what is there: what is over by now counts as sent when nothing was before. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Reads what is new and sends what is due, once. */
  turn(signal: AbortSignal): Promise<void>;
  /** Does so every second until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** By signal. */
  readonly counts: ReadonlyMap<'traces' | 'logs', SendCounts>;
}

const USUAL: SendRules = { settle: 10 * SECOND, openAfter: 5 * MINUTE, resend: false };
const MOST_HELD = 50_000;
/** The mark of a time: what began before is sent. */
const SINCE = '@since';

/**
 * Passes the record on as it grows. What was taken is kept in the store: after a restart it goes on there, and while a receiver takes nothing, the
 * store itself is what waits. What is over when it begins for the first time counts as sent.
 */
export async function openSender(options: SenderOptions): Promise<Sender> {
  const { store, marks, clock, note, most = MOST_HELD } = options;
  const rules = { ...USUAL, ...options.rules };
  const counts = new Map<'traces' | 'logs', SendCounts>();
  const known = {
    traces: options.traces === undefined ? undefined : await store.readMarks('otlp-traces'),
    logs: options.logs === undefined ? undefined : await store.readMarks('otlp-logs'),
  };
  const begun = [known.traces, known.logs].map((each) => each?.get(SINCE)).filter((at) => at !== undefined);
  const since = begun.length === 0 ? undefined : Math.min(...begun.map(Number));
  const record = await openToldRecord({ store, clock, most, since: await reachBack(store, most, since) });
  const sendings: Sending[] = [];
  let isRead = false;
  const begunKeepers = new Set<string>();

  function add(sending: Sending, before: ReadonlyMap<string, string>): void {
    sending.restore(new Map([...before].filter(([key]) => key !== SINCE)));
    sendings.push(sending);
    if (before.has(SINCE)) begunKeepers.add(sending.keeper);
  }
  const keepFor =
    (keeper: string, of: () => Sending | undefined) =>
    async (news: Parameters<MarkWriter['writeMarks']>[1]) => {
      if (news.length === 0 && begunKeepers.has(keeper)) return;
      begunKeepers.add(keeper);
      await marks.writeMarks(keeper, [...news, [SINCE, String(of()?.since() ?? clock.now() - MINUTE)]]);
    };
  if (options.traces !== undefined && known.traces !== undefined) {
    const delivery = openDelivery(
      options.traces,
      ({ span }: { readonly span: Span }) => span,
      'spans',
      options,
    );
    counts.set('traces', delivery.counts);
    const keep = keepFor('otlp-traces', () => sending);
    const sending: Sending = openTraceSending({ record, delivery, clock, rules, keep });
    add(sending, known.traces);
  }
  if (options.logs !== undefined && known.logs !== undefined) {
    const delivery = openDelivery(
      options.logs,
      ({ log }: { readonly log: LogRecord }) => log,
      'log records',
      options,
    );
    counts.set('logs', delivery.counts);
    const keep = keepFor('otlp-logs', () => sending);
    const sending: Sending = openLogSending({ record, delivery, clock, rules, keep });
    add(sending, known.logs);
  }

  /** What was over before any of it was passed on is left to those who ask for it. */
  async function begin(told: readonly Story[]): Promise<void> {
    if (!record.isWhole()) return;
    isRead = true;
    await forgetOthers(told);
    for (const sending of sendings) if (!begunKeepers.has(sending.keeper)) await sending.passOver();
  }

  async function forgetOthers(told: readonly Story[]): Promise<void> {
    const oldest = told.reduce((first, { from }) => Math.min(first, from), Number.POSITIVE_INFINITY);
    const traceIds = new Set(told.map(traceIdOf));
    for (const sending of sendings)
      if (begunKeepers.has(sending.keeper)) await sending.forget(traceIds, oldest);
  }

  async function makeRoom(signal: AbortSignal): Promise<void> {
    const news = await record.makeRoom((story) => sendings.every((sending) => sending.isDone(story)), signal);
    if (news === undefined) return;
    for (const sending of sendings) sending.learn(news.told, news.gone);
    await forgetOthers(record.all());
  }

  async function read(signal: AbortSignal): Promise<void> {
    await makeRoom(signal);
    const { told, gone } = await record.read(signal);
    for (const sending of sendings) sending.learn(told, gone);
    if (!isRead) await begin(told);
  }

  async function turn(signal: AbortSignal): Promise<void> {
    await read(signal);
    for (const sending of sendings) if (!sending.delivery.isResting()) await sending.send();
  }

  return {
    counts,
    prepare: read,
    turn,
    async run(signal) {
      let failure = '';
      while (!signal.aborted) {
        try {
          await turn(signal);
          failure = '';
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof HarkError)) throw error;
          if (error.message !== failure) note(`${error.message}. Nothing is sent until that is mended`);
          failure = error.message;
        }
        await sleep(clock, SECOND, signal);
      }
    },
  };
}

/** From when on the record is to be read: all that is to be sent, and no less than is held anyway. */
async function reachBack(
  store: ReadStore,
  most: number,
  since: number | undefined,
): Promise<number | undefined> {
  if (since === undefined) return undefined;
  for await (const [first] of store.readEvents({ limit: most })) {
    const newest = first?.occurrences[0]?.at ?? 0;
    return newest <= since ? undefined : since;
  }
  return undefined;
}
