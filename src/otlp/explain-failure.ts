import { EXIT, HarkError } from '../lib/errors.ts';
import type { Target } from './target.ts';

/** gRPC's status codes. */
const GRPC_FORBIDDEN: ReadonlySet<number> = new Set([7, 16]);
const GRPC_UNAVAILABLE = 14;
const GRPC_DEADLINE = 4;
const GRPC_UNIMPLEMENTED = 12;

/** What went wrong, as exporters and sockets tell it. */
interface Told {
  readonly message: string;
  readonly code: unknown;
  readonly data: string;
}

/** What TLS says of a certificate that is not trusted. */
const UNTRUSTED = /CERT|^UNABLE_TO_/;

/**
 * Why something could not be sent, as a failure of the user's surroundings, with the next thing to try.
 *
 * @param notes what the exporter said of its settings: a certificate that cannot be read
 */
export function explainFailure(error: unknown, target: Target, notes: Iterable<string> = []): HarkError {
  const told = read(error);
  const where = `${target.signal} to ${target.url} (${target.protocol})`;
  const answer = [told.message, told.data].filter((part) => part !== '').join(': ');
  if (isForbidden(told))
    return new HarkError('otlp-forbidden', `Not allowed to send ${where}: ${answer}`, {
      exitCode: EXIT.forbidden,
      hint: 'What the receiver wants is set by OTEL_EXPORTER_OTLP_HEADERS, for example "authorization=Bearer TOKEN"',
      cause: error,
    });
  return new HarkError('otlp-unreachable', `Can't send ${where}: ${answer || String(told.code)}`, {
    exitCode: EXIT.unreachable,
    hint: [...notes].join('; ') || hintFor(told, target),
    cause: error,
  });
}

function read(error: unknown): Told {
  if (!(error instanceof Error)) return { message: String(error), code: undefined, data: '' };
  const { code, data } = error as Error & { code?: unknown; data?: unknown };
  const status = typeof code === 'number' && code >= 100 ? `${code} ` : '';
  return {
    message: `${status}${error.message}`,
    code,
    data: typeof data === 'string' ? firstLine(data) : '',
  };
}

/** Of an answer that may be a page of HTML. */
function firstLine(data: string): string {
  const [line = ''] = data.trim().split('\n');
  return line.startsWith('<') ? '' : line.slice(0, 200);
}

function isForbidden({ code }: Told): boolean {
  return code === 401 || code === 403 || (typeof code === 'number' && GRPC_FORBIDDEN.has(code));
}

function hintFor({ code, message }: Told, { protocol, url, signal }: Target): string {
  if (UNTRUSTED.test(String(code)))
    return 'Who signed it is named by OTEL_EXPORTER_OTLP_CERTIFICATE: the path of a file in PEM';
  if (protocol !== 'grpc' && (/HPE_|Parse Error/.test(`${code} ${message}`) || new URL(url).port === '4317'))
    return 'It may speak gRPC (port 4317 does, mostly): OTEL_EXPORTER_OTLP_PROTOCOL=grpc';
  if (protocol === 'grpc' && (code === GRPC_UNIMPLEMENTED || new URL(url).port === '4318'))
    return 'It may speak HTTP (port 4318 does, mostly): OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf';
  if (code === 404 || code === 405)
    return `Is it the base URL of an OTLP receiver that takes ${signal}? /v1/${signal} is added to what --otlp says`;
  if (code === GRPC_UNAVAILABLE || code === GRPC_DEADLINE || typeof code === 'string')
    return 'Does a Collector, Jaeger or Tempo listen there? docs/traces.md tells how to start one';
  return 'docs/traces.md tells what receivers want';
}
