import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, HarkError } from '../lib/errors.ts';
import { splitLines } from '../lib/split-lines.ts';

/** Asks a Hark server. */
export interface ServerClient {
  readonly url: string;
  /** One answer, parsed. Throws HarkError. */
  json(path: string, signal: AbortSignal): Promise<unknown>;
  /** The lines of an answer, parsed, as they come. Throws HarkError, also when it breaks off. */
  lines(path: string, signal: AbortSignal): AsyncGenerator<unknown>;
  /** The text of a stream of server-sent events as it comes. Throws HarkError. */
  stream(path: string, lastEventId: string, signal: AbortSignal): AsyncGenerator<string>;
}

export interface ServerFlags {
  readonly server: string;
  readonly tokenFile: string | undefined;
}

/**
 * @param env `HARK_TOKEN` holds the token where no file is named
 * @throws HarkError `usage`
 */
export function openServerClient(
  { server, tokenFile }: ServerFlags,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): ServerClient {
  const base = readUrl(server);
  const token = tokenFile === undefined ? env.HARK_TOKEN : readToken(resolve(cwd, tokenFile), tokenFile);
  const authorization = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };

  async function get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, base), { headers: { ...headers, ...authorization }, signal });
    } catch (error) {
      throw signal.aborted ? error : explainUnreachable(server, error);
    }
    if (response.ok) return response;
    throw await explainRefusal(server, response);
  }

  async function* texts(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (response.body === null) return;
    try {
      for await (const chunk of response.body) yield chunk;
    } catch (error) {
      throw signal.aborted ? error : explainUnreachable(server, error);
    }
  }

  return {
    url: server,
    async json(path, signal) {
      const response = await get(path, { accept: 'application/json' }, signal);
      const text = await response.text();
      return parseLine(server, text);
    },
    async *lines(path, signal) {
      const response = await get(path, { accept: LINES }, signal);
      if (!response.headers.get('content-type')?.startsWith(LINES)) throw notHark(server);
      const splitter = splitLines(Number.POSITIVE_INFINITY);
      const parse = (line: Uint8Array) => parseLine(server, Buffer.from(line).toString('utf8'));
      for await (const chunk of texts(response, signal))
        for (const line of splitter.push(chunk)) yield parse(line);
      const last = splitter.end();
      if (last !== undefined) yield parse(last);
    },
    async *stream(path, lastEventId, signal) {
      const headers = { accept: 'text/event-stream', 'last-event-id': lastEventId };
      const response = await get(path, headers, signal);
      const decoder = new TextDecoder();
      for await (const chunk of texts(response, signal)) yield decoder.decode(chunk, { stream: true });
    },
  };
}

const LINES = 'application/x-ndjson';

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) {
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  }
  throw new HarkError('usage', `--server "${text}" is no URL of a Hark server`, {
    hint: 'For example: --server http://127.0.0.1:8471',
  });
}

function readToken(path: string, typed: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new HarkError('usage', `cannot read --token-file "${typed}"`, { cause: error });
  }
}

function explainUnreachable(server: string, error: unknown): HarkError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HarkError('server-unreachable', `cannot reach the Hark server "${server}": ${why}`, {
    exitCode: EXIT.unreachable,
    hint: 'Does it run? hark serve prints its address.',
  });
}

async function explainRefusal(server: string, response: Response): Promise<HarkError> {
  const { error } = ((await response.json().catch(() => undefined)) ?? {}) as {
    error?: { code?: unknown; message?: unknown; hint?: unknown };
  };
  if (typeof error?.code !== 'string' || typeof error.message !== 'string') return notHark(server);
  const { status } = response;
  if (status === 401 || status === 403)
    return new HarkError('server-forbidden', `the Hark server "${server}" refuses: ${error.message}`, {
      exitCode: EXIT.forbidden,
      hint: 'Its token goes into --token-file FILE or $HARK_TOKEN.',
    });
  const exitCode = status >= 500 ? EXIT.unreachable : EXIT.usage;
  const hint = typeof error.hint === 'string' ? error.hint : '';
  return new HarkError(error.code, `the Hark server "${server}" says: ${error.message}`, { exitCode, hint });
}

function parseLine(server: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notHark(server);
  }
}

function notHark(server: string): HarkError {
  return new HarkError('server-unreachable', `"${server}" does not answer as a Hark server does`, {
    exitCode: EXIT.unreachable,
    hint: 'Is it the address that hark serve prints?',
  });
}
