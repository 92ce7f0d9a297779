/** What JSON and YAML let through although a terminal may act on it: DEL, C1 controls, bidirectional overrides and isolates. */
const LOOSE = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Writes such characters as `\u009b`, which JSON and double-quoted YAML read back as the same. */
export function escapeControls(text: string): string {
  return text.replace(LOOSE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
