import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** What a stream of lines is asked for and answered as. */
export const LINES = 'application/x-ndjson';

export function wantsLines(accept: string | undefined): boolean {
  return accept?.split(',').some((type) => type.trim().split(';')[0] === LINES) ?? false;
}

/** Answers with a line of JSON for each item, as fast as they are taken; a failure on the way breaks the connection, so that it is noticed. */
export function sendLines<T>(
  reply: FastifyReply,
  pages: AsyncIterable<readonly T[]>,
  format: (item: T) => string,
): FastifyReply {
  async function* texts(): AsyncGenerator<string> {
    for await (const page of pages)
      for (let at = 0; at < page.length; at += LINES_AT_ONCE)
        yield page
          .slice(at, at + LINES_AT_ONCE)
          .map((item) => `${format(item)}\n`)
          .join('');
  }
  return reply.type(LINES).send(Readable.from(texts(), { objectMode: false, highWaterMark: 256 * 1024 }));
}

const LINES_AT_ONCE = 100;
