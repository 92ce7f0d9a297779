import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';

/** What the exporters say beside their results. */
export interface Diagnostics {
  /** How many spans or log records the receiver took no notice of, although it took the rest. */
  rejected(): number;
  /** What else was said, each once: a certificate that cannot be read, what the receiver wants. */
  readonly notes: ReadonlySet<string>;
  close(): void;
}

/** Listens to what OpenTelemetry's exporters only log. One at a time. */
export function watchDiagnostics(): Diagnostics {
  const notes = new Set<string>();
  let rejected = 0;
  const hear = (message: string, ...rest: unknown[]) => {
    const partial = message.startsWith('Received Partial Success') ? readPartial(rest[0]) : undefined;
    if (partial === undefined) notes.add([message, ...rest.map(String)].join(' '));
    else {
      rejected += partial.rejected;
      if (partial.message !== '') notes.add(partial.message);
    }
  };
  const quiet = () => {};
  const logger: DiagLogger = { error: hear, warn: hear, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return { rejected: () => rejected, notes, close: () => diag.disable() };
}

/** What a receiver says of what it did not take; of JSON the number may be text. */
export function readPartial(
  text: unknown,
): { readonly rejected: number; readonly message: string } | undefined {
  try {
    const said = JSON.parse(String(text));
    const rejected = Number(said.rejectedSpans ?? said.rejectedLogRecords ?? said.rejectedDataPoints ?? 0);
    return { rejected: Number.isFinite(rejected) ? rejected : 0, message: String(said.errorMessage ?? '') };
  } catch {
    return undefined;
  }
}
