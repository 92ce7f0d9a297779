import { AsyncLocalStorage } from 'node:async_hooks';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { MILLISECOND, type MicrosLength } from '../lib/time.ts';

/** What one of OpenTelemetry's exporters says beside its result. */
export interface Heard {
  /** How many items the receiver did not take of those that it took. */
  rejected: number;
  /** What else a person should know, each once: why they were not taken, which certificate cannot be read. */
  readonly notes: Set<string>;
  /** How long the receiver wants to be left alone, where it says so. */
  after: MicrosLength | undefined;
}

const current = new AsyncLocalStorage<Heard>();

/** Runs something of OpenTelemetry's and hears what it only logs, however many run at the same time. */
export async function hear<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly heard: Heard }> {
  // Whoever else of this process sets one, as tests do, must not make us deaf.
  diag.setLogger(LOGGER, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  const heard: Heard = { rejected: 0, notes: new Set(), after: undefined };
  return { result: await current.run(heard, run), heard };
}

const quiet = () => {};
const LOGGER: DiagLogger = {
  error: hearWarning,
  warn: hearWarning,
  info: hearWait,
  debug: quiet,
  verbose: quiet,
};

function hearWarning(message: string, ...rest: unknown[]): void {
  const heard = current.getStore();
  if (heard === undefined) return;
  const partial = message.startsWith('Received Partial Success') ? readPartial(rest[0]) : undefined;
  if (partial === undefined) heard.notes.add([message, ...rest.map(String)].join(' '));
  else {
    heard.rejected += partial.rejected;
    if (partial.message !== '') heard.notes.add(partial.message);
  }
}

/** The exporters tell of `Retry-After` when it is longer than they try. */
function hearWait(message: string): void {
  const heard = current.getStore();
  const wait = /^Export retry time (\d+)ms/.exec(message)?.[1];
  if (heard !== undefined && wait !== undefined) heard.after = Number(wait) * MILLISECOND;
}

/** What a receiver says of what it did not take; of JSON the number may be text. */
function readPartial(text: unknown): { readonly rejected: number; readonly message: string } | undefined {
  try {
    const said = JSON.parse(String(text));
    const rejected = Number(said.rejectedSpans ?? said.rejectedLogRecords ?? said.rejectedDataPoints ?? 0);
    return { rejected: Number.isFinite(rejected) ? rejected : 0, message: String(said.errorMessage ?? '') };
  } catch {
    return undefined;
  }
}
