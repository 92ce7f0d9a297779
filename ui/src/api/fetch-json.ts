import { authorize } from './token.ts';

/** A request that did not end well, in the server's words where it answered. */
export class ApiFailure extends Error {
  /** Stable: the server's code; `unreachable` when nobody answered, `not-json` when it was not Hark. */
  readonly code: string;
  /** What to do or type next; may be empty. */
  readonly hint: string;
  /** Of HTTP; 0 when nobody answered. */
  readonly status: number;

  constructor(code: string, message: string, options: { hint?: string; status?: number } = {}) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
    this.hint = options.hint ?? '';
    this.status = options.status ?? 0;
  }
}

/**
 * Asks the server that the page came from.
 * @param path below the page: `v1/why?namespace=shop`
 * @throws ApiFailure
 */
export async function fetchJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await reach(path, signal);
  const body = await readBody(response, signal);
  if (response.ok && body !== undefined) return body as T;
  const { code, message, hint } = readError(body);
  throw new ApiFailure(
    code ?? (response.ok ? 'not-json' : 'http'),
    message ?? `the server answers ${response.status}${response.ok ? ', but not in JSON' : ''}`,
    { hint: hint ?? '', status: response.status },
  );
}

async function reach(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(new URL(path, document.baseURI), {
      signal,
      headers: { accept: 'application/json', ...authorize() },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure('unreachable', 'Hark does not answer', {
      hint: 'It may have been stopped, or the network is down',
    });
  }
}

async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

function readError(body: unknown): { code?: string; message?: string; hint?: string } {
  if (typeof body !== 'object' || body === null) return {};
  const inner = 'error' in body && typeof body.error === 'object' && body.error !== null ? body.error : body;
  return Object.fromEntries(
    Object.entries(inner).filter(([name, value]) => FIELDS.has(name) && typeof value === 'string'),
  );
}

const FIELDS: ReadonlySet<string> = new Set(['code', 'message', 'hint']);
