import type { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { parseDuration } from '../lib/parse-duration.ts';
import { MINUTE, type MicrosLength } from '../lib/time.ts';
import { chooseTarget, type Target } from '../otlp/target.ts';
import type { Sender } from '../send/open-sender.ts';
import type { MarkWriter } from '../store/marks.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Context } from './context.ts';

export interface SendOptions {
  readonly otlp?: string;
  /** Where to, where that is another receiver than that of traces. */
  readonly otlpLogs?: string | true;
  readonly otlpResend?: true;
  readonly otlpOpenAfter?: MicrosLength;
}

export interface LiveSender extends Pick<Sender, 'run' | 'counts'> {
  /** Where it sends, for people. */
  readonly says: string;
  close(): Promise<void>;
}

export const SCOPE: Scope = { name: packageJson.name, version: packageJson.version };

/** Declares the flags that say what is sent while it is listened. */
export function declareSending(parser: Command): void {
  parser
    .option(
      '--otlp <URL>',
      'send stories as traces to an OTLP receiver as they happen; env: where OTEL_EXPORTER_OTLP_ENDPOINT says',
    )
    .option(
      '--otlp-logs [URL]',
      'send each happening as a log record of its span; without a URL where --otlp says',
    )
    .option(
      '--otlp-open-after <DURATION>',
      'send what goes on when it has done so for so long, and whenever it has for twice as long (default: 5m)',
      (value) => parseDuration(value, '--otlp-open-after'),
    )
    .option(
      '--otlp-resend',
      'send a span that changed again under its own id (default: what is new of it as a span below it)',
    );
}

/** @throws HarkError `usage` before anything is opened */
export function checkSending(options: SendOptions, { env }: Context): void {
  const { otlp, otlpLogs, otlpResend, otlpOpenAfter } = options;
  if (otlp !== undefined) chooseTarget(otlp, 'traces', env);
  else if (otlpResend === true) throw sendsNowhere('--otlp-resend');
  else if (otlpOpenAfter !== undefined) throw sendsNowhere('--otlp-open-after');
  chooseOwnTarget(options, otlpLogs, 'logs', env);
}

/**
 * Where a signal goes that may have a URL of its own; undefined when it is not to be sent.
 *
 * @param own what its flag says: its URL, or that it goes where traces do
 * @throws HarkError `usage`
 */
export function chooseOwnTarget(
  { otlp }: SendOptions,
  own: string | true | undefined,
  signal: 'logs' | 'metrics',
  env: Context['env'],
): Target | undefined {
  if (own === undefined) return undefined;
  const url = own === true ? otlp : own;
  if (url === undefined) throw sendsNowhere(`--otlp-${signal}`);
  return chooseTarget(url, signal, env);
}

export function sendsNowhere(flag: string): HarkError {
  const takesUrl = flag === '--otlp-logs' || flag === '--otlp-metrics';
  return new HarkError('usage', `${flag} says how to send, and --otlp is missing, which says where to`, {
    hint: `For example: --otlp http://127.0.0.1:4318${takesUrl ? `; or that alone: ${flag} http://127.0.0.1:4318` : ''}`,
  });
}

/**
 * What sends the record of a store as it grows; undefined when that was not asked for.
 *
 * @param marks keeps how far it got, in that store
 */
export async function openLiveSender(
  options: SendOptions,
  file: string,
  marks: MarkWriter,
  clock: Clock,
  context: Context,
  note: (text: string) => void,
): Promise<LiveSender | undefined> {
  const { otlp, otlpLogs, otlpResend = false, otlpOpenAfter } = options;
  const toTraces = otlp === undefined ? undefined : chooseTarget(otlp, 'traces', context.env);
  const toLogs = chooseOwnTarget(options, otlpLogs, 'logs', context.env);
  if (toTraces === undefined && toLogs === undefined) return undefined;
  const [{ openSpanOutlet, openLogOutlet }, { openSender }, { openSqliteStore }] = await Promise.all([
    import('../otlp/open-outlet.ts'),
    import('../send/open-sender.ts'),
    import('../store/sqlite/open-sqlite-store.ts'),
  ]);
  const traces = toTraces === undefined ? undefined : await openSpanOutlet(toTraces, SCOPE);
  const logs = toLogs === undefined ? undefined : await openLogOutlet(toLogs, SCOPE);
  const store = openSqliteStore({ file, mode: 'read' });
  const sender = await openSender({
    store,
    marks,
    clock,
    random: Math.random,
    ...(traces !== undefined && { traces }),
    ...(logs !== undefined && { logs }),
    rules: { resend: otlpResend, ...(otlpOpenAfter !== undefined && { openAfter: otlpOpenAfter }) },
    note,
  });
  await sender.prepare(context.signal);
  return {
    counts: sender.counts,
    async run(signal) {
      const stop = new AbortController();
      const saying = sayLosses(sender.counts, clock, AbortSignal.any([signal, stop.signal]), note);
      await sender.run(signal).finally(() => stop.abort());
      await saying;
    },
    says: `sending ${describeTargets(toTraces, toLogs)}`,
    async close() {
      await Promise.all([traces?.close(), logs?.close()]);
      await store.close();
    },
  };
}

/** What is lost is said when it grows, once a minute at most. */
async function sayLosses(
  counts: Sender['counts'],
  clock: Clock,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const { countLost, describeCounts } = await import('../send/describe-counts.ts');
  for (let said = 0; !signal.aborted; ) {
    await sleep(clock, MINUTE, signal);
    const lost = countLost(counts);
    if (lost > said) note(describeCounts(counts));
    said = lost;
  }
}

function describeTargets(traces: Target | undefined, logs: Target | undefined): string {
  const describe = ({ url, protocol }: Target) => `to ${url} (${protocol})`;
  if (traces === undefined) return logs === undefined ? '' : `logs ${describe(logs)}`;
  if (logs === undefined) return `traces ${describe(traces)}`;
  const isOne = new URL(traces.url).origin === new URL(logs.url).origin;
  return isOne
    ? `traces and logs ${describe(traces)}`
    : `traces ${describe(traces)} and logs ${describe(logs)}`;
}
