const TAB = '\t';

/** C0 and C1 controls, DEL, and the bidirectional overrides, embeddings and isolates that reorder what follows them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'g');

/**
 * Makes text of unknown origin safe to print on a terminal: control characters become visible (`^[` for escape, `\r`, `\u009b`,
 * `\u202e`), a tab becomes a space, and whatever else is in it stays as it is.
 *
 * @param options.newlines keep line breaks, as line feeds; otherwise they become `\n` in two characters
 */
export function makeSafe(text: string, options: { readonly newlines?: boolean } = {}): string {
  if (!UNSAFE.test(text)) return text;
  const lines = options.newlines ? text.replaceAll('\r\n', '\n') : text;
  return lines.replace(EACH_UNSAFE, (character) =>
    character === '\n' && options.newlines ? character : show(character),
  );
}

function show(character: string): string {
  if (character === TAB) return ' ';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.charCodeAt(0);
  if (code < 32) return `^${String.fromCharCode(code + 64)}`;
  return code === 127 ? '^?' : `\\u${code.toString(16).padStart(4, '0')}`;
}
