import { ExportResultCode } from '@opentelemetry/core';
import type { MicrosLength } from '../lib/time.ts';
import type { Total } from '../metrics/total-samples.ts';
import type { LogRecord } from '../traces/log-records.ts';
import type { Scope } from '../traces/otlp-json.ts';
import type { Resource, Span } from '../traces/span.ts';
import { convertTotals } from './convert-totals.ts';
import { explainFailure } from './explain-failure.ts';
import { type Exporter, openLogExporter, openMetricExporter, openSpanExporter } from './exporter.ts';
import { hear } from './hear.ts';
import { readRetryInfo } from './read-retry-info.ts';
import { openConverter } from './readable.ts';
import type { Target } from './target.ts';

/** What became of one try to send. */
export type Attempt =
  | { readonly result: 'taken'; readonly rejected: number; readonly notes: readonly string[] }
  /** To be tried again, not before `after` where the receiver says so. */
  | { readonly result: 'later'; readonly after: MicrosLength | undefined; readonly error: Error }
  /** The receiver will never take these. */
  | { readonly result: 'refused'; readonly error: Error };

/** Where items go; several requests may be under way at once. */
export interface Outlet<Item> {
  send(items: readonly Item[]): Promise<Attempt>;
  close(): Promise<void>;
}

/** What no second try will change: it is too much, or cannot be read. */
const REFUSED: ReadonlySet<unknown> = new Set([400, 413, 422]);
const GRPC_INVALID = 3;
const GRPC_EXHAUSTED = 8;

/** Sends spans to a receiver, try by try, for as long as it is not closed. */
export function openSpanOutlet(target: Target, scope: Scope): Promise<Outlet<Span>> {
  return openOutlet(openSpanExporter, openConverter(scope).convertSpan, target);
}

/** The same for log records. */
export function openLogOutlet(target: Target, scope: Scope): Promise<Outlet<LogRecord>> {
  return openOutlet(openLogExporter, openConverter(scope).convertLog, target);
}

/**
 * The same for what was counted.
 *
 * @param resourceOf who counted it, at the time when it is sent
 */
export function openMetricOutlet(
  target: Target,
  scope: Scope,
  resourceOf: () => Resource,
): Promise<Outlet<Total>> {
  const open = async (): Promise<Exporter<Total>> => {
    const exporter = await openMetricExporter(target);
    return {
      export: (totals, done) => exporter.export(convertTotals(totals, resourceOf(), scope), done),
      shutdown: () => exporter.shutdown(),
    };
  };
  return openOutlet(open, (total) => total, target);
}

async function openOutlet<Item, SdkItem>(
  open: (target: Target) => Promise<Exporter<SdkItem>>,
  convert: (item: Item) => SdkItem,
  target: Target,
): Promise<Outlet<Item>> {
  // What its settings are lacking is said when it is opened, and told with the first that is taken.
  const { result: exporter, heard: atFirst } = await hear(() => open(target));
  return {
    async send(items) {
      const { result: error, heard } = await hear(() => exportOnce(exporter, items.map(convert)));
      if (error === undefined) {
        const notes = [...atFirst.notes, ...heard.notes];
        atFirst.notes.clear();
        return { result: 'taken', rejected: heard.rejected, notes };
      }
      const explained = explainFailure(error, target, atFirst.notes);
      if (isRefused(error, target)) return { result: 'refused', error: explained };
      return { result: 'later', after: readRetryInfo(error) ?? heard.after, error: explained };
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
