const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** One escape, or a backslash that is none. */
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.)|$)/gs;
const DOUBLE_BODY = /^(?:[^"\\]|\\.)*$/s;
const SINGLE_BODY = /^(?:[^']|'')*$/;

/**
 * The text of a double-quoted YAML scalar, given as the lines it is folded over, its quotes included.
 *
 * @returns undefined when it is not closed, holds an unknown escape, or something follows it
 */
export function foldDoubleQuoted(lines: readonly string[]): string | undefined {
  const body = takeBody(lines);
  if (body === undefined) return undefined;
  const folded = fold(body, true);
  return DOUBLE_BODY.test(folded) ? resolveEscapes(folded) : undefined;
}

/** As `foldDoubleQuoted`, for a single-quoted scalar. */
export function foldSingleQuoted(lines: readonly string[]): string | undefined {
  const body = takeBody(lines);
  if (body === undefined) return undefined;
  const folded = fold(body, false);
  return SINGLE_BODY.test(folded) ? folded.replaceAll("''", "'") : undefined;
}

/** The lines without the first and the last quote. */
function takeBody(lines: readonly string[]): string[] | undefined {
  const quote = lines[0]?.charAt(0) ?? '';
  const last = (lines.at(-1) ?? '').replace(/ +$/, '');
  if (!last.endsWith(quote) || (lines.length === 1 && last.length < 2)) return undefined;
  if (lines.some((line) => line.includes('\t'))) return undefined;
  if (lines.length === 1) return [last.slice(1, -1)];
  return [(lines[0] ?? '').slice(1), ...lines.slice(1, -1), last.slice(0, -1)];
}

/** Joins lines: one line end becomes a space, each further one a line end; an escaped one (double-quoted only) joins without a space. */
function fold(lines: readonly string[], escapes: boolean): string {
  let text = lines[0] ?? '';
  let breaks = 0;
  for (const [at, line] of lines.entries()) {
    if (at === 0) continue;
    breaks += 1;
    const content = line.replace(/^ +/, '');
    if (content === '' && at < lines.length - 1) continue;
    if (escapes && breaks === 1 && endsInBackslash(text)) text = text.slice(0, -1) + content;
    else text = trimSpaces(text, escapes) + (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + content;
    breaks = 0;
  }
  return text;
}

/** Spaces before a line end are not part of the text, save one that is escaped. */
function trimSpaces(text: string, escapes: boolean): string {
  const trimmed = text.replace(/ +$/, '');
  return escapes && trimmed.length < text.length && endsInBackslash(trimmed) ? `${trimmed} ` : trimmed;
}

function endsInBackslash(text: string): boolean {
  return (/\\+$/.exec(text)?.[0].length ?? 0) % 2 === 1;
}

function resolveEscapes(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  let known = true;
  const resolved = text.replace(ESCAPE, (_, x?: string, u?: string, long?: string, char?: string) => {
    const code = x ?? u ?? long;
    const point = code === undefined ? -1 : Number.parseInt(code, 16);
    const replacement =
      code === undefined ? ESCAPES[char ?? ''] : point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
    if (replacement === undefined) known = false;
    return replacement ?? '';
  });
  return known ? resolved : undefined;
}
