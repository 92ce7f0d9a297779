import type { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { parseDuration } from '../lib/parse-duration.ts';
import type { MicrosLength } from '../lib/time.ts';
import { chooseTarget } from '../otlp/target.ts';
import type { Sender } from '../send/open-sender.ts';
import type { MarkWriter } from '../store/marks.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Context } from './context.ts';

export interface SendOptions {
  readonly otlp?: string;
  readonly otlpLogs?: true;
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
    .option('--otlp-logs', 'with --otlp: send each happening as a log record of its span, too')
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
  if (otlp !== undefined) {
    chooseTarget(otlp, 'traces', env);
    if (otlpLogs === true) chooseTarget(otlp, 'logs', env);
    return;
  }
  const alone = [
    otlpLogs === true && '--otlp-logs',
    otlpResend === true && '--otlp-resend',
    otlpOpenAfter !== undefined && '--otlp-open-after',
  ].find((flag) => flag !== false);
  if (alone !== undefined) throw sendsNowhere(alone);
}

export function sendsNowhere(flag: string): HarkError {
  return new HarkError('usage', `${flag} says how to send, and --otlp is missing, which says where to`, {
    hint: 'For example: --otlp http://127.0.0.1:4318',
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
  if (otlp === undefined) return undefined;
  const [{ openSpanOutlet, openLogOutlet }, { openSender }, { openSqliteStore }] = await Promise.all([
    import('../otlp/open-outlet.ts'),
    import('../send/open-sender.ts'),
    import('../store/sqlite/open-sqlite-store.ts'),
  ]);
  const target = chooseTarget(otlp, 'traces', context.env);
  const traces = await openSpanOutlet(target, SCOPE);
  const logs =
    otlpLogs === true ? await openLogOutlet(chooseTarget(otlp, 'logs', context.env), SCOPE) : undefined;
  const store = openSqliteStore({ file, mode: 'read' });
  const sender = await openSender({
    store,
    marks,
    clock,
    random: Math.random,
    traces,
    ...(logs !== undefined && { logs }),
    rules: { resend: otlpResend, ...(otlpOpenAfter !== undefined && { openAfter: otlpOpenAfter }) },
    note,
  });
  await sender.prepare(context.signal);
  return {
    counts: sender.counts,
    run: sender.run,
    says: `sending traces${logs === undefined ? '' : ' and logs'} to ${target.url} (${target.protocol})`,
    async close() {
      await Promise.all([traces.close(), logs?.close()]);
      await store.close();
    },
  };
}
