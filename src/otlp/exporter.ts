import type { ExportResult } from '@opentelemetry/core';
import type { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Protocol, Target } from './target.ts';

/** What OpenTelemetry's exporters take: its `ReadableSpan` and `ReadableLogRecord`. */
export type SdkSpan = Parameters<OTLPTraceExporter['export']>[0][number];
export type SdkLogRecord = Parameters<OTLPLogExporter['export']>[0][number];
/** What is counted of one resource: its `ResourceMetrics`. */
export type SdkMetrics = Parameters<OTLPMetricExporter['export']>[0];

/** One of OpenTelemetry's exporters, for spans or log records. */
export interface Exporter<Item> {
  export(items: Item[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

interface Settings {
  readonly url: string;
}

type Load<Item> = () => Promise<new (settings: Settings) => Exporter<Item>>;

/** The exporter of metrics: all of a resource at once. */
export interface MetricExporter {
  export(metrics: SdkMetrics, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

type LoadMetrics = () => Promise<new (settings: Settings) => MetricExporter>;

const SPANS: Readonly<Record<Protocol, Load<SdkSpan>>> = {
  'http/protobuf': async () => (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter,
  'http/json': async () => (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter,
  grpc: async () => (await import('@opentelemetry/exporter-trace-otlp-grpc')).OTLPTraceExporter,
};
const LOGS: Readonly<Record<Protocol, Load<SdkLogRecord>>> = {
  'http/protobuf': async () => (await import('@opentelemetry/exporter-logs-otlp-proto')).OTLPLogExporter,
  'http/json': async () => (await import('@opentelemetry/exporter-logs-otlp-http')).OTLPLogExporter,
  grpc: async () => (await import('@opentelemetry/exporter-logs-otlp-grpc')).OTLPLogExporter,
};
const METRICS: Readonly<Record<Protocol, LoadMetrics>> = {
  'http/protobuf': async () =>
    (await import('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter,
  'http/json': async () => (await import('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter,
  grpc: async () => (await import('@opentelemetry/exporter-metrics-otlp-grpc')).OTLPMetricExporter,
};

/** The exporter of spans for a target; headers, certificates, compression and timeout are read from `OTEL_EXPORTER_OTLP_*` by itself. */
export async function openSpanExporter({ protocol, url }: Target): Promise<Exporter<SdkSpan>> {
  return new (await SPANS[protocol]())({ url });
}

/** The same for log records. */
export async function openLogExporter({ protocol, url }: Target): Promise<Exporter<SdkLogRecord>> {
  return new (await LOGS[protocol]())({ url });
}

/** The same for metrics. */
export async function openMetricExporter({ protocol, url }: Target): Promise<MetricExporter> {
  return new (await METRICS[protocol]())({ url });
}
