import type { LogRecord } from '../traces/log-records.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Span } from '../traces/span.ts';
import { cutBatches, sizeOfAttributes } from './cut-batches.ts';
import { explainFailure } from './explain-failure.ts';
import { knock } from './knock.ts';
import { type Outlet, openLogOutlet, openSpanOutlet } from './open-outlet.ts';
import type { Target } from './target.ts';

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
  return await send(cutBatches(spans, sizeOfSpan), () => openSpanOutlet(target, scope), target);
}

/** The same for log records. */
export async function sendLogs(records: Iterable<LogRecord>, target: Target, scope: Scope): Promise<Sent> {
  return await send(cutBatches(records, sizeOfLog), () => openLogOutlet(target, scope), target);
}

async function send<Item>(
  batches: Iterable<readonly Item[]>,
  open: () => Promise<Outlet<Item>>,
  target: Target,
): Promise<Sent> {
  await knock(target.url).catch((error: unknown) => {
    throw explainFailure(error, target);
  });
  const outlet = await open();
  try {
    const notes = new Set<string>();
    let [sent, rejected] = [0, 0];
    for (const batch of batches) {
      const attempt = await outlet.send(batch);
      if (attempt.result !== 'taken') throw attempt.error;
      sent += batch.length;
      rejected += attempt.rejected;
      for (const note of attempt.notes) notes.add(note);
    }
    return { sent, rejected, notes: [...notes] };
  } finally {
    await outlet.close();
  }
}

/** About how many bytes it takes, sent as Protobuf. */
export function sizeOfSpan({ attributes, events, links, error = '' }: Span): number {
  let size = 120 + error.length + sizeOfAttributes(attributes);
  for (const each of events) size += 40 + sizeOfAttributes(each.attributes);
  for (const each of links) size += 40 + sizeOfAttributes(each.attributes);
  return size;
}

/** The same of a log record. */
export function sizeOfLog({ attributes, message }: LogRecord): number {
  return 80 + message.length + sizeOfAttributes(attributes);
}
