/** A part of a path without its percent signs. What cannot be decoded is nobody's name, and stays as it is. */
export function unescapeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
