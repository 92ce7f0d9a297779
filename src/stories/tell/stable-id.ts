const PRIME = 0x01000193;

/**
 * A short name for a text that stays the same for good: 16 hexadecimal digits made by two FNV-1a hashes of 32 bits (one over the text, one
 * over the text read backwards). For ids, not for secrets.
 */
export function stableId(text: string): string {
  let [forward, backward] = [0x811c9dc5, 0x050c5d1f];
  for (let index = 0, last = text.length - 1; index <= last; index++) {
    forward = Math.imul(forward ^ text.charCodeAt(index), PRIME);
    backward = Math.imul(backward ^ text.charCodeAt(last - index), PRIME);
  }
  return toHex(forward) + toHex(backward);
}

function toHex(number: number): string {
  const hex = (number >>> 0).toString(16);
  return hex.length === 8 ? hex : hex.padStart(8, '0');
}
