/** Packs numbers and text into few bytes: the smaller the number, the shorter. One writer is reused for every row. */
export interface ByteWriter {
  /** Starts anew. */
  clear(): void;
  /** A whole number from 0 to 2^53 - 1: 7 bits a byte. */
  uint(value: number): void;
  /** A whole number of either sign; near 0 is short. */
  int(value: number): void;
  byte(value: number): void;
  /** UTF-8 with its length before it. */
  text(value: string): void;
  /** UTF-8 to the end: what comes last needs no length. */
  tail(value: string): void;
  /** Bytes as they are. */
  raw(value: Uint8Array): void;
  /** The 16 bytes of a UUID for which `isUuid` holds. */
  uuid(value: string): void;
  /** What was written so far: a view, valid until the next `clear`. */
  view(): Uint8Array;
  /** What was written so far, in bytes of their own. */
  copy(): Uint8Array<ArrayBuffer>;
}

export interface ByteReader {
  uint(): number;
  int(): number;
  byte(): number;
  text(): string;
  tail(): string;
  uuid(): string;
  atEnd(): boolean;
}

/** The value of each hexadecimal digit, by its code; NONE for all else. */
const NONE = 16;
const DIGITS = new Uint8Array(128).fill(NONE);
for (const [value, digit] of [...'0123456789abcdef'].entries()) DIGITS[digit.charCodeAt(0)] = value;
const DASH = 45;

/** Whether `text` is a UUID as Kubernetes writes it: lower case, with dashes. */
export function isUuid(text: string): boolean {
  return (
    text.length === 36 &&
    text.charCodeAt(8) === DASH &&
    text.charCodeAt(13) === DASH &&
    text.charCodeAt(18) === DASH &&
    text.charCodeAt(23) === DASH &&
    isHex(text, 0, 8) &&
    isHex(text, 9, 13) &&
    isHex(text, 14, 18) &&
    isHex(text, 19, 23) &&
    isHex(text, 24, 36)
  );
}

function isHex(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((DIGITS[text.charCodeAt(at)] ?? NONE) === NONE) return false;
  return true;
}

/** Whether `text` is a number of at most 15 digits as Kubernetes writes it, so that reading and printing it changes nothing. */
export function isDecimal(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > 15 || (length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

export function createByteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(4096);
  let end = 0;

  function reserve(length: number): void {
    if (end + length <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, end + length));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  }
  function uint(value: number): void {
    reserve(8);
    let large = value;
    // Operators on bits take 32 of them only, and are several times quicker.
    while (large > 0x7fffffff) {
      buffer[end++] = (large % 0x80) + 0x80;
      large = Math.floor(large / 0x80);
    }
    let rest = large | 0;
    while (rest > 0x7f) {
      buffer[end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buffer[end++] = rest;
  }
  function tail(value: string): void {
    reserve(value.length * 3);
    end += isShortAscii(value) ? writeAscii(value) : buffer.write(value, end);
  }
  function writeAscii(value: string): number {
    for (let at = 0; at < value.length; at++) buffer[end + at] = value.charCodeAt(at);
    return value.length;
  }

  return {
    clear() {
      end = 0;
    },
    uint,
    int: (value) => uint(value < 0 ? -value * 2 - 1 : value * 2),
    byte(value) {
      reserve(1);
      buffer[end++] = value;
    },
    text(value) {
      if (isShortAscii(value)) {
        uint(value.length);
        tail(value);
        return;
      }
      // Most lengths take two bytes at most: the text is written behind them, and moved when it was one.
      reserve(value.length * 3 + 8);
      const start = end + 2;
      const length = buffer.write(value, start);
      uint(length);
      if (end < start) buffer.copyWithin(end, start, start + length);
      else if (end > start) buffer.write(value, end);
      end += length;
    },
    tail,
    raw(value) {
      reserve(value.length);
      buffer.set(value, end);
      end += value.length;
    },
    uuid(value) {
      reserve(16);
      for (let at = 0; at < 36; at += 2) {
        if (value.charCodeAt(at) === DASH) at++;
        const high = DIGITS[value.charCodeAt(at)] ?? 0;
        buffer[end++] = (high << 4) | (DIGITS[value.charCodeAt(at + 1)] ?? 0);
      }
    },
    view: () => buffer.subarray(0, end),
    copy: () => new Uint8Array(buffer.subarray(0, end)),
  };
}

/** For which a loop is quicker than a call of Buffer's. */
function isShortAscii(text: string): boolean {
  if (text.length > 48) return false;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

const LETTERS = Buffer.from('0123456789abcdef', 'latin1');
/** Where each byte of a UUID stands in its text. */
const UUID_PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** A text put together of pieces would be held in pieces, ten times as large, for as long as it is held. */
const uuidLetters = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');

/** Reads what a `ByteWriter` wrote, in the same order. Reading past the end throws a RangeError. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function byte(): number {
    const value = buffer[at++];
    if (value === undefined) throw new RangeError('packed row ends too early');
    return value;
  }
  function uint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const next = byte();
      if (next < 0x80) return value | (next << shift);
      value |= (next & 0x7f) << shift;
    }
    for (let scale = 2 ** 28; ; scale *= 0x80) {
      const next = byte();
      if (next < 0x80) return value + next * scale;
      value += (next & 0x7f) * scale;
    }
  }
  function textOf(length: number): string {
    if (at + length > buffer.length) throw new RangeError('packed row ends too early');
    at += length;
    return buffer.toString('utf8', at - length, at);
  }

  return {
    uint,
    int() {
      const value = uint();
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    byte,
    text: () => textOf(uint()),
    tail: () => textOf(buffer.length - at),
    uuid() {
      for (const place of UUID_PLACES) {
        const value = byte();
        uuidLetters[place] = LETTERS[value >> 4] ?? 0;
        uuidLetters[place + 1] = LETTERS[value & 15] ?? 0;
      }
      return uuidLetters.toString('latin1');
    },
    atEnd: () => at >= buffer.length,
  };
}
