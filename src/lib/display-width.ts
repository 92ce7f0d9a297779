// biome-ignore lint/suspicious/noControlCharactersInRegex: the range from the first character on is meant
const ASCII = /^[\u0000-\u007f]*$/;

/** Code points that take two columns: East_Asian_Width W and F of Unicode 16, where it is not Emoji_Presentation that says so. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d1e}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Marks and format characters, which take none. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]*$/u;

let segmenter: Intl.Segmenter | undefined;

/** How many columns of a terminal the text takes: two for East Asian wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const grapheme of splitGraphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The text as a person counts its letters. */
export function* splitGraphemes(text: string): Generator<string, void, undefined> {
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** The columns of one grapheme: 0, 1 or 2. */
export function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** The text filled up with spaces to a width in columns; a longer one stays as it is. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
