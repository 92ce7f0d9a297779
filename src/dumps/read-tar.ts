import { pipeline, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { noteFailure } from './decode-bytes.ts';

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
  const source = Readable.from(
    noteFailure(chunks, (error) => {
      failure = error;
    }),
  );
  pipeline(source, archive as unknown as NodeJS.WritableStream, () => {});
  try {
    for await (const entry of archive) {
      const { name, type } = entry.header;
      const content = readEntry(entry as AsyncIterable<Uint8Array>);
      if (type === 'file' || type === 'contiguous-file') yield { path: name, chunks: content };
      for await (const _ of content);
    }
  } catch {
    if (failure !== undefined) throw failure;
    onCut();
  }
}

/**
 * The bytes of an entry. Who stops reading leaves the rest to the next one who reads: giving up on one file must not close the archive, which `return` on the
 * entry's own iterator would. When the archive breaks off they end; the archive says why.
 */
function readEntry(entry: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = entry[Symbol.asyncIterator]();
  const end = { done: true, value: undefined } as const;
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next().catch(() => end) }) };
}
