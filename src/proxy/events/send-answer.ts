import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { KubeAnswer } from '../../kube-api/kube-api.ts';

/** Sends an answer of the record; a slow reader slows the reading. */
export async function sendAnswer(
  answer: ServerResponse,
  { status, headers, body }: KubeAnswer,
): Promise<void> {
  const length = typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {};
  answer.writeHead(status, { ...headers, ...length });
  if (typeof body === 'string') {
    answer.end(body);
    return;
  }
  await sendPieces(answer, body);
  answer.end();
}

/** Sends pieces until there are none, or the reader has left. */
export async function sendPieces(
  answer: ServerResponse,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const left = new AbortController();
  const leave = () => left.abort();
  answer.once('close', leave);
  try {
    for await (const piece of pieces) {
      if (answer.destroyed) return;
      if (answer.write(piece)) continue;
      await once(answer, 'drain', { signal: left.signal });
    }
  } catch (error) {
    if (!left.signal.aborted) throw error;
  } finally {
    answer.off('close', leave);
  }
}
