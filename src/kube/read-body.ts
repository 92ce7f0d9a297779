import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * The bytes of an answer, unzipped where it says that they are gzipped.
 *
 * @param explain makes the error to throw of one of the connection
 */
export async function* readBody(
  answer: IncomingMessage,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const stream = answer.headers['content-encoding'] === 'gzip' ? await unzip(answer) : answer;
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw explain(error);
  }
}

/** An error of the connection is passed on: `pipe` alone would leave the reader waiting for ever. */
async function unzip(answer: IncomingMessage): Promise<Readable> {
  const { createGunzip } = await import('node:zlib');
  const unzipped = createGunzip();
  answer.once('error', (error) => unzipped.destroy(error));
  return answer.pipe(unzipped);
}
