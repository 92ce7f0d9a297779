import type { Clock } from '../lib/clock.ts';
import { parseRetryAfter } from '../lib/parse-retry-after.ts';
import { SECOND } from '../lib/time.ts';
import type { ApiStatus } from './api-failure.ts';
import type { ApiResponse } from './cluster.ts';

/** An error's body is a `Status` of a few hundred bytes; a proxy's page may be any length. */
const LONGEST_BODY = 64 * 1024;

/** Reads what an answer with an error status says. */
export async function readStatus(response: ApiResponse, clock: Clock): Promise<ApiStatus> {
  const text = await readText(response);
  const status = parseStatus(text);
  const header = response.headers['retry-after'];
  return {
    ...status,
    status: response.status,
    retryAfter: parseRetryAfter(header, clock.now()) ?? status.retryAfter,
  };
}

/** Reads a `Status` object, as it comes in a body and in an ERROR line of a watch. */
export function parseStatusObject(value: unknown): ApiStatus {
  const status = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<string, unknown>
  >;
  const details = (status.details ?? {}) as { retryAfterSeconds?: unknown };
  const metadata = (status.metadata ?? {}) as { continue?: unknown };
  const seconds = Number(details.retryAfterSeconds);
  return {
    status: Number(status.code) || 0,
    reason: typeof status.reason === 'string' ? status.reason : '',
    message: typeof status.message === 'string' ? status.message : '',
    continueToken: typeof metadata.continue === 'string' ? metadata.continue : '',
    retryAfter: seconds > 0 ? seconds * SECOND : undefined,
  };
}

function parseStatus(text: string): ApiStatus {
  try {
    return parseStatusObject(JSON.parse(text));
  } catch {
    return parseStatusObject({ message: describePage(text) });
  }
}

function describePage(text: string): string {
  const line = text.trim().split('\n')[0]?.trim() ?? '';
  return line.startsWith('<') ? 'it answered with a web page' : line.slice(0, 200);
}

async function readText(response: ApiResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_BODY) break;
  }
  if (length > LONGEST_BODY) response.close();
  return Buffer.concat(chunks).toString('utf8');
}
