import { HarkError } from '../lib/errors.ts';

/** What is sent. */
export type Signal = 'traces' | 'logs' | 'metrics';

export const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Where a signal is sent to, and how. */
export interface Target {
  readonly signal: Signal;
  readonly protocol: Protocol;
  /** Over HTTP with its path: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
}

/** Instead of a URL: what the environment says, else this machine. */
export const FROM_ENVIRONMENT = 'env';

/**
 * Where to send a signal, by OpenTelemetry's rules (specification, "OTLP exporter configuration"): the protocol that
 * `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL` name, in turn, else `http/protobuf`; over HTTP, `/v1/traces` is added to
 * a URL that does not end with it. `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` alone is taken as it is. For logs and metrics the same.
 *
 * @param url as typed, or `env`
 * @throws HarkError `usage`
 */
export function chooseTarget(
  url: string,
  signal: Signal,
  env: Readonly<Record<string, string | undefined>>,
): Target {
  const protocol = chooseProtocol(signal, env);
  if (url !== FROM_ENVIRONMENT)
    return { signal, protocol, url: addPath(checkUrl(url, '--otlp'), protocol, signal) };
  const own = readVariable(env, nameVariable(signal, 'ENDPOINT'));
  if (own !== undefined) return { signal, protocol, url: checkUrl(own, nameVariable(signal, 'ENDPOINT')) };
  const shared = readVariable(env, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const port = protocol === 'grpc' ? 4317 : 4318;
  const base = checkUrl(shared ?? `http://localhost:${port}`, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  return { signal, protocol, url: addPath(base, protocol, signal) };
}

function chooseProtocol(signal: Signal, env: Readonly<Record<string, string | undefined>>): Protocol {
  for (const name of [nameVariable(signal, 'PROTOCOL'), 'OTEL_EXPORTER_OTLP_PROTOCOL']) {
    const value = readVariable(env, name);
    if (value === undefined) continue;
    const protocol = PROTOCOLS.find((known) => known === value);
    if (protocol !== undefined) return protocol;
    throw new HarkError('usage', `${name} is "${value}"; wanted is one of ${PROTOCOLS.join(', ')}`, {
      hint: `For example: ${name}=grpc`,
    });
  }
  return 'http/protobuf';
}

function nameVariable(signal: Signal, what: string): string {
  return `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`;
}

/** What is set to nothing is not set. */
export function readVariable(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return env[name]?.trim() || undefined;
}

function checkUrl(url: string, from: string): string {
  if (/^https?:\/\/./i.test(url) && URL.canParse(url)) return url;
  throw new HarkError('usage', `${from} is "${url}"; wanted is a URL that begins with http:// or https://`, {
    hint: /^[\w.-]+:\d+/.test(url)
      ? `For example: http://${url}`
      : `For example: http://127.0.0.1:4318; or ${FROM_ENVIRONMENT}, for what OTEL_EXPORTER_OTLP_ENDPOINT says`,
  });
}

function addPath(url: string, protocol: Protocol, signal: Signal): string {
  if (protocol === 'grpc') return url;
  const whole = new URL(url);
  const base = whole.pathname.replace(/\/v1\/(?:traces|logs|metrics)\/?$/, '').replace(/\/$/, '');
  whole.pathname = `${base}/v1/${signal}`;
  return whole.toString();
}
