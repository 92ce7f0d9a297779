type Numbers = Float64Array | Uint32Array | Int32Array | Int16Array | Uint8Array;

const lent = new Map<string, Numbers>();

/**
 * An array of zeros to work with until the next call for the same purpose: what is worked out with it must be done, without waiting for anything, before.
 * Of a large record an answer takes many megabytes of them; made anew each time, they had the garbage collector look at all that is held every few
 * answers.
 */
export function borrowArray<Kind extends Numbers>(
  purpose: string,
  make: new (length: number) => Kind,
  length: number,
): Kind {
  const kept = lent.get(purpose);
  if (kept instanceof make && kept.length >= length && kept.length <= 4 * length + 1024)
    return kept.subarray(0, length).fill(0) as Kind;
  const made = new make(Math.ceil(1.25 * length));
  lent.set(purpose, made);
  return made.subarray(0, length) as Kind;
}
