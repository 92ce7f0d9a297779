import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { MILLISECOND, type MicrosLength } from '../lib/time.ts';
import type { Total } from '../metrics/total-samples.ts';
import type { LogRecord } from '../traces/log-records.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Resource, Span } from '../traces/span.ts';
import { convertTotals } from './convert-totals.ts';
import { explainFailure } from './explain-failure.ts';
import { type Exporter, openLogExporter, openMetricExporter, openSpanExporter } from './exporter.ts';
import { readRetryInfo } from './read-retry-info.ts';
import { openConverter } from './readable.ts';
import type { Target } from './target.ts';
import { readPartial } from './watch-diagnostics.ts';

/** What became of one try to send. */
export type Attempt =
  | { readonly result: 'taken'; readonly rejected: number; readonly notes: readonly string[] }
  /** To be tried again, not before `after` where the receiver says so. */
  | { readonly result: 'later'; readonly after: MicrosLength | undefined; readonly error: Error }
  /** The receiver will never take these. */
  | { readonly result: 'refused'; readonly error: Error };

/** Where items go; one at a time. */
export interface Outlet<Item> {
  send(items: readonly Item[]): Promise<Attempt>;
  close(): Promise<void>;
}

/** What no second try will change: it is too much, or cannot be read. */
const REFUSED: ReadonlySet<unknown> = new Set([400, 413, 422]);
const GRPC_INVALID = 3;
const GRPC_EXHAUSTED = 8;

/** Sends spans to a receiver, try by try, for as long as it is not closed. */
export async function openSpanOutlet(target: Target, scope: Scope): Promise<Outlet<Span>> {
  return openOutlet(await openSpanExporter(target), openConverter(scope).convertSpan, target);
}

/** The same for log records. */
export async function openLogOutlet(target: Target, scope: Scope): Promise<Outlet<LogRecord>> {
  return openOutlet(await openLogExporter(target), openConverter(scope).convertLog, target);
}

/**
 * The same for what was counted.
 *
 * @param resourceOf who counted it, at the time when it is sent
 */
export async function openMetricOutlet(
  target: Target,
  scope: Scope,
  resourceOf: () => Resource,
): Promise<Outlet<Total>> {
  const exporter = await openMetricExporter(target);
  const grouping: Exporter<Total> = {
    export: (totals, done) => exporter.export(convertTotals(totals, resourceOf(), scope), done),
    shutdown: () => exporter.shutdown(),
  };
  return openOutlet(grouping, (total) => total, target);
}

/** The exporters log what they do not return; one that sends is heard at a time. */
let turn: Promise<unknown> = Promise.resolve();

function openOutlet<Item, SdkItem>(
  exporter: Exporter<SdkItem>,
  convert: (item: Item) => SdkItem,
  target: Target,
): Outlet<Item> {
  async function attempt(items: readonly Item[]): Promise<Attempt> {
    const heard = listen();
    try {
      const error = await exportOnce(exporter, items.map(convert));
      if (error === undefined) return { result: 'taken', rejected: heard.rejected(), notes: heard.notes };
      const explained = explainFailure(error, target);
      if (isRefused(error, target)) return { result: 'refused', error: explained };
      return { result: 'later', after: readRetryInfo(error) ?? heard.after(), error: explained };
    } finally {
      diag.disable();
    }
  }

  return {
    send(items) {
      const next = turn.then(() => attempt(items));
      turn = next.catch(() => {});
      return next;
    },
    close: () => exporter.shutdown(),
  };
}

function exportOnce<SdkItem>(exporter: Exporter<SdkItem>, items: SdkItem[]): Promise<Error | undefined> {
  return new Promise((resolve) => {
    exporter.export(items, ({ code, error }) =>
      resolve(code === ExportResultCode.SUCCESS ? undefined : (error ?? new Error('not taken'))),
    );
  });
}

function isRefused(error: Error, { protocol }: Target): boolean {
  const { code } = error as Error & { code?: unknown };
  if (protocol !== 'grpc') return REFUSED.has(code);
  return code === GRPC_INVALID || (code === GRPC_EXHAUSTED && readRetryInfo(error) === undefined);
}

/** What the exporters only log: what was not taken of what was, and how long a receiver wants them to wait when that is longer than they do. */
function listen() {
  const notes: string[] = [];
  let rejected = 0;
  let after: MicrosLength | undefined;
  const hear = (message: string, ...rest: unknown[]) => {
    const wait = /^Export retry time (\d+)ms/.exec(message)?.[1];
    if (wait !== undefined) after = Number(wait) * MILLISECOND;
    if (!message.startsWith('Received Partial Success')) return;
    const partial = readPartial(rest[0]);
    rejected += partial?.rejected ?? 0;
    if (partial !== undefined && partial.message !== '') notes.push(partial.message);
  };
  const quiet = () => {};
  const logger: DiagLogger = { error: hear, warn: hear, info: hear, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  return { notes, rejected: () => rejected, after: () => after };
}
