import { EXIT, type ExitCode, HarkError } from '../lib/errors.ts';
import type { MicrosLength } from '../lib/time.ts';

/** What the API server says of a request it refuses; empty where it does not say. */
export interface ApiStatus {
  readonly status: number;
  /** The `Status` object's: `Expired`, `Forbidden`… */
  readonly reason: string;
  readonly message: string;
  /** A fresh token to go on with a list whose own expired, at the price of consistency. */
  readonly continueToken: string;
  readonly retryAfter: MicrosLength | undefined;
}

/** A request that a cluster did not answer, or refused. */
export class ApiFailure extends HarkError {
  /** Undefined when no answer came. */
  readonly answer: ApiStatus | undefined;
  /** Whether waiting cannot mend it: a certificate that is not trusted, a path that is not there. */
  readonly permanent: boolean;

  constructor(
    code: string,
    message: string,
    options: {
      exitCode: ExitCode;
      hint: string;
      permanent: boolean;
      answer?: ApiStatus | undefined;
      cause?: unknown;
    },
  ) {
    super(code, message, options);
    this.name = 'ApiFailure';
    this.answer = options.answer;
    this.permanent = options.permanent;
  }
}

interface Explained {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly permanent: boolean;
  readonly hint: string;
}

/**
 * The failure that an answer with an error status means.
 *
 * @param action what was tried: `list Events`
 */
export function explainStatus(
  cluster: { readonly name: string; readonly server: string },
  action: string,
  answer: ApiStatus,
): ApiFailure {
  const { code, exitCode, permanent, hint } = classify(cluster, answer);
  const said = answer.message === '' ? '' : `: ${answer.message}`;
  const text = `cannot ${action} of cluster "${cluster.name}": HTTP ${answer.status}${said}`;
  return new ApiFailure(code, text, { exitCode, permanent, hint, answer });
}

function classify(cluster: { readonly name: string }, { status, reason }: ApiStatus): Explained {
  const transient = { exitCode: EXIT.unreachable, permanent: false, hint: '' };
  switch (status) {
    case 401:
      return {
        code: 'unauthorized',
        exitCode: EXIT.forbidden,
        permanent: true,
        hint: `The cluster does not accept these credentials (expired?): log in again, then check with kubectl --context ${cluster.name} auth whoami`,
      };
    case 403:
      return {
        code: 'forbidden',
        exitCode: EXIT.forbidden,
        permanent: true,
        hint: `See what you may do: kubectl --context ${cluster.name} auth can-i --list`,
      };
    case 404:
      return {
        code: 'not-found',
        exitCode: EXIT.unreachable,
        permanent: true,
        hint: 'Is the server in the kubeconfig a Kubernetes API server?',
      };
    case 410:
      return { ...transient, code: 'expired' };
    case 429:
      return { ...transient, code: 'throttled', hint: 'The API server is busy: try again in a moment' };
    default:
      if (status >= 500) return { ...transient, code: 'server-error', hint: 'Try again in a moment' };
      return { ...transient, code: 'refused', permanent: reason !== 'Expired' };
  }
}

/** Whether a failure says that a resourceVersion or a continue token is too old. */
export function isExpired(failure: unknown): boolean {
  if (!(failure instanceof ApiFailure) || failure.answer === undefined) return false;
  const { status, reason } = failure.answer;
  return status === 410 || reason === 'Expired' || reason === 'Gone';
}

/** The HTTP status that a failure came with; 0 when it came with none. */
export function statusOf(failure: unknown): number {
  return failure instanceof ApiFailure ? (failure.answer?.status ?? 0) : 0;
}
