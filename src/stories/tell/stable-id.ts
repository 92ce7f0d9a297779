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
  for (let digit = 0; digit < 8; digit++) {
    codes[digit] = HEX.charCodeAt((forward >>> (28 - 4 * digit)) & 15);
    codes[digit + 8] = HEX.charCodeAt((backward >>> (28 - 4 * digit)) & 15);
  }
  return String.fromCharCode(...codes);
}

const HEX = '0123456789abcdef';
const codes = new Array<number>(16).fill(0);
