export interface GatheredBytes {
  /** Adds the next bytes of the piece; they are kept as they are (a view), not copied. */
  add(part: Uint8Array): void;
  /** The whole piece, without a copy when it came in one part; undefined when it was longer than `maxBytes`. Empty afterwards. */
  take(): Uint8Array | undefined;
}

/** Puts together a piece of bytes that arrives in parts, holding at most `maxBytes` of it. */
export function gatherBytes(maxBytes: number): GatheredBytes {
  let parts: Uint8Array[] = [];
  let length = 0;

  function add(part: Uint8Array): void {
    length += part.length;
    if (length > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  }

  function take(): Uint8Array | undefined {
    const [first] = parts;
    const whole =
      length > maxBytes
        ? undefined
        : first !== undefined && parts.length === 1
          ? first
          : Buffer.concat(parts);
    parts = [];
    length = 0;
    return whole;
  }

  return { add, take };
}
