const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Sets the one bit by which `[` differs from `{`, and `]` from `}`. */
const BRACKET_AS_BRACE = 0x20;

export interface JsonValueScan {
  /**
   * Scans on from `from`; the first call of a value starts at its first byte.
   *
   * @returns the index after the value's last byte, or -1 when `bytes` ended before the value did: go on with the next bytes from 0
   */
  scan(bytes: Uint8Array, from: number): number;
}

/**
 * Finds the end of one JSON value after the other in bytes that come in chunks, knowing only strings, escapes and brackets: whether the
 * value is well-formed is for `JSON.parse` to say. A number, `true`, `false` or `null` ends before the comma, bracket or white space that follows it.
 */
export function scanJsonValue(): JsonValueScan {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inScalar = false;

  function scan(bytes: Uint8Array, from: number): number {
    const length = bytes.length;
    let at = from;
    while (at < length) {
      const byte = bytes[at] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) return at + 1;
        }
      } else if (inScalar) {
        if (endsScalar(byte)) {
          inScalar = false;
          return at;
        }
      } else if (byte === QUOTE) {
        inString = true;
      } else if ((byte | BRACKET_AS_BRACE) === OPEN_BRACE) {
        depth += 1;
      } else if ((byte | BRACKET_AS_BRACE) === CLOSE_BRACE) {
        depth -= 1;
        if (depth <= 0) {
          depth = 0;
          return at + 1;
        }
      } else if (depth === 0) {
        inScalar = true;
      }
      at += 1;
    }
    return -1;
  }

  return { scan };
}

/** Space, tab, line ends, comma, and the closing brackets. */
function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === 0x2c || (byte | BRACKET_AS_BRACE) === CLOSE_BRACE;
}
