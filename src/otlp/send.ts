import { ExportResultCode } from '@opentelemetry/core';
import type { LogRecord } from '../traces/log-records.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Span } from '../traces/span.ts';
import { cutBatches, sizeOfAttributes } from './cut-batches.ts';
import { explainFailure } from './explain-failure.ts';
import { type Exporter, openLogExporter, openSpanExporter } from './exporter.ts';
import { knock } from './knock.ts';
import { openConverter } from './readable.ts';
import type { Target } from './target.ts';
import { watchDiagnostics } from './watch-diagnostics.ts';

/** What became of what was sent. */
export interface Sent {
  readonly sent: number;
  /** How many of them the receiver says it did not take. */
  readonly rejected: number;
  /** What the receiver or the exporter had to say. */
  readonly notes: readonly string[];
}

/**
 * Sends spans to an OTLP receiver, in batches, one after the other; each is tried again for as long as `OTEL_EXPORTER_OTLP_TIMEOUT` says (10 s
 * by default) when the receiver is busy.
 *
 * @throws HarkError `otlp-unreachable`, `otlp-forbidden`: what was sent before may have arrived, and does no harm when sent again
 */
export async function sendSpans(spans: Iterable<Span>, target: Target, scope: Scope): Promise<Sent> {
  const { convertSpan } = openConverter(scope);
  return await send(cutBatches(spans, sizeOfSpan), convertSpan, openSpanExporter, target);
}

/** The same for log records. */
export async function sendLogs(records: Iterable<LogRecord>, target: Target, scope: Scope): Promise<Sent> {
  const { convertLog } = openConverter(scope);
  return await send(cutBatches(records, sizeOfLog), convertLog, openLogExporter, target);
}

async function send<Item, SdkItem>(
  batches: Iterable<readonly Item[]>,
  convert: (item: Item) => SdkItem,
  open: (target: Target) => Promise<Exporter<SdkItem>>,
  target: Target,
): Promise<Sent> {
  const diagnostics = watchDiagnostics();
  let exporter: Exporter<SdkItem> | undefined;
  try {
    await knock(target.url);
    exporter = await open(target);
    let sent = 0;
    for (const batch of batches) {
      await exportBatch(exporter, batch.map(convert));
      sent += batch.length;
    }
    return { sent, rejected: diagnostics.rejected(), notes: [...diagnostics.notes] };
  } catch (error) {
    throw isBug(error) ? error : explainFailure(error, target);
  } finally {
    await exporter?.shutdown();
    diagnostics.close();
  }
}

/** A package that is not there, a wrong type: not the receiver's doing. */
function isBug(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')
  );
}

function exportBatch<Item>(exporter: Exporter<Item>, batch: Item[]): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(batch, ({ code, error }) => {
      if (code === ExportResultCode.SUCCESS) resolve();
      else reject(error ?? new Error('the receiver did not take it'));
    });
  });
}

/** About how many bytes it takes, sent as Protobuf. */
export function sizeOfSpan({ attributes, events, links, error = '' }: Span): number {
  const below = [...events, ...links].reduce((sum, each) => sum + 40 + sizeOfAttributes(each.attributes), 0);
  return 120 + error.length + sizeOfAttributes(attributes) + below;
}

/** The same of a log record. */
export function sizeOfLog({ attributes, message }: LogRecord): number {
  return 80 + message.length + sizeOfAttributes(attributes);
}
