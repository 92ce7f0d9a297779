export interface PeekedBytes {
  readonly head: Uint8Array;
  /** All of the bytes, the head included; to be read once. */
  readonly chunks: AsyncGenerator<Uint8Array>;
}

/** Reads the first bytes of a stream, at least `length` of them unless it ends before, without taking them from who reads it next. */
export async function peekBytes(source: AsyncIterable<Uint8Array>, length: number): Promise<PeekedBytes> {
  const iterator = source[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const { value, done } = await iterator.next();
    if (done) break;
    seen.push(value);
    size += value.length;
  }

  async function* replay(): AsyncGenerator<Uint8Array> {
    try {
      yield* seen.splice(0);
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }

  return { head: seen.length === 1 ? (seen[0] ?? new Uint8Array()) : Buffer.concat(seen), chunks: replay() };
}
