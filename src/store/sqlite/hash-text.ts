/** A 32-bit number (signed: SQLite then stores it in 4 bytes) that spreads texts evenly; part of the file format, so it never changes (FNV-1a over UTF-16 units, mixed). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) | 0;
}
