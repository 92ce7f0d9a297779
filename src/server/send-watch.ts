import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What waits for a reader that is slow, beyond the connection's own buffers. */
const WAITING = 64 * 1024;
/** Who wants to know of its end while it is sent, beside those who know of the request: so many, and no leak. */
const MORE_LISTENERS = 10;

/** Sends what a watch tells as it is told, no faster than it is taken. A failure on the way breaks the connection, so that it is noticed. */
export async function sendWatch(
  response: ServerResponse,
  headers: Readonly<Record<string, string | number | string[] | undefined>>,
  body: string | AsyncIterable<string>,
  report: (error: Error) => void,
): Promise<void> {
  response.writeHead(200, headers);
  // Whoever asks is to know that it was heard, though there is nothing to tell yet.
  response.flushHeaders();
  response.setMaxListeners(response.getMaxListeners() + MORE_LISTENERS);
  const pieces = typeof body === 'string' ? [body] : body;
  try {
    await pipeline(Readable.from(pieces, { objectMode: false, highWaterMark: WAITING }), response);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whoever asked has gone.
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ERR_STREAM_DESTROYED' || code === 'ECONNRESET')
      return;
    if (response.destroyed) return;
    response.destroy();
    report(error instanceof Error ? error : new Error(String(error)));
  }
}
