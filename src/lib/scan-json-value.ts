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

/** Where in a value the bytes ended. */
type Place = 'between' | 'string' | 'escape' | 'scalar';

/**
 * Finds the end of one JSON value after the other in bytes that come in chunks, knowing only strings, escapes and brackets: whether the
 * value is well-formed is for `JSON.parse` to say. A number, `true`, `false` or `null` ends before the comma, bracket or white space that follows it.
 */
export function scanJsonValue(): JsonValueScan {
  let place: Place = 'between';
  let depth = 0;

  function scan(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length) {
      if (place === 'scalar') return scanScalar(bytes, at);
      if (place !== 'between') {
        at = scanString(bytes, at);
        if (at === -1 || depth === 0) return at;
      }
      at = scanBetween(bytes, at);
      if (place === 'between' && depth === 0) return at;
    }
    return -1;
  }

  /** From within a string to behind it; -1 when the bytes end before it does. */
  function scanString(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    let at = place === 'escape' ? from + 1 : from;
    for (; at < length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        place = 'between';
        return at + 1;
      }
      if (byte === BACKSLASH) at += 1;
    }
    place = at > length ? 'escape' : 'string';
    return -1;
  }

  /** On to a string or scalar, or behind the bracket that ends the value. */
  function scanBetween(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    let level = depth;
    let at = from;
    for (; at < length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        place = 'string';
        break;
      }
      const brace = byte | BRACKET_AS_BRACE;
      if (brace === OPEN_BRACE) level += 1;
      else if (brace === CLOSE_BRACE) {
        level -= 1;
        if (level <= 0) break;
      } else if (level === 0) {
        place = 'scalar';
        break;
      }
    }
    depth = Math.max(0, level);
    return at + 1;
  }

  function scanScalar(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      if (!endsScalar(bytes[at] as number)) continue;
      place = 'between';
      return at;
    }
    return -1;
  }

  return { scan };
}

/** Space, tab, line ends, comma, and the closing brackets. */
function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === 0x2c || (byte | BRACKET_AS_BRACE) === CLOSE_BRACE;
}
