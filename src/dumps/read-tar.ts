import { pipeline, Readable } from 'node:stream';
import { extract } from 'tar-stream';

export interface ArchivedFile {
  readonly path: string;
  /** To be read, if at all, before the next file is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The files of a tar archive, as they come; nothing is written anywhere.
 *
 * @param onCut called when the archive ends too soon, or is damaged: what came before was yielded
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  onCut: () => void,
): AsyncGenerator<ArchivedFile> {
  const archive = extract();
  let failure: unknown;
  const source = Readable.from(chunks);
  source.once('error', (error) => {
    failure = error;
  });
  pipeline(source, archive as unknown as NodeJS.WritableStream, () => {});
  try {
    for await (const entry of archive) {
      const iterator = (entry as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      const { name, type } = entry.header;
      if (type === 'file' || type === 'contiguous-file')
        yield { path: name, chunks: withoutReturn(iterator) };
      while (!(await iterator.next()).done);
    }
  } catch {
    if (failure !== undefined) throw failure;
    onCut();
  }
}

/** Giving up on one file must not close the archive, which `return` on its iterator would. */
function withoutReturn(iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}
