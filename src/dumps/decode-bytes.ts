import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/**
 * Unpacks gzip or zstd. Bytes that end too soon or are damaged end the output where they were readable.
 *
 * @param onCut called when they were not readable to their end
 */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'zstd',
  onCut: () => void,
): AsyncGenerator<Uint8Array> {
  const transform: Transform =
    format === 'gzip' ? createGunzip({ chunkSize: 256 * 1024 }) : createZstdDecompress();
  let failure: unknown;
  const source = Readable.from(
    noteFailure(chunks, (error) => {
      failure = error;
    }),
  );
  const output = pipeline(source, transform, () => {});
  try {
    for await (const chunk of output) yield chunk as Uint8Array;
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (!isDamage(error)) throw error;
    onCut();
  }
}

/**
 * Passes the chunks on and notes what the source fails with, to tell it from what is wrong with the data. An error thrown into it, as a stream that is
 * destroyed does, is none of the source's.
 */
export async function* noteFailure(
  chunks: AsyncIterable<Uint8Array>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const next = () =>
    iterator.next().catch((error: unknown) => {
      onFailure(error);
      throw error;
    });
  try {
    for (let result = await next(); !result.done; result = await next()) yield result.value;
  } finally {
    await iterator.return?.();
  }
}

/** What zlib calls data that is cut (Z_BUF_ERROR) or not in its format. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code.startsWith('ZSTD_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Turns UTF-16, which a `>` of Windows PowerShell writes, into UTF-8. */
export async function* decodeUtf16(
  chunks: AsyncIterable<Uint8Array>,
  encoding: 'utf-16le' | 'utf-16be',
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
}
