/** A piece of a word that every match of a regular expression contains. */
export interface NeededWord {
  /** ASCII letters and digits, in lower case. */
  readonly text: string;
  /** Whether a word of the message begins here, or the word goes on before. */
  readonly begins: boolean;
  readonly ends: boolean;
}

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const ASCII = /^[A-Za-z0-9]+$/;
const ESCAPED_PUNCTUATION = /[^A-Za-z0-9]/;
const BLANKS = 'tnrfvs';
const CLASSES = 'dDwWSbB';

/**
 * What words any message must hold for the expression to match: alternatives, in each of which all words are needed. Undefined when nothing
 * can be said, which is always safe: what is not understood needs nothing.
 */
export function findNeededWords({ source, flags }: RegExp): NeededWord[][] | undefined {
  if (flags.includes('v')) return undefined;
  const alternatives: NeededWord[][] = [];
  let words: NeededWord[] = [];
  let run = '';
  let begins = false;

  function endRun(ends: boolean, nextBegins = false): void {
    words.push(...wordsOf(run, begins, ends));
    run = '';
    begins = nextBegins;
  }

  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    const next = source.charAt(at + 1);
    let literal: string | undefined;
    let end = at + 1;
    if (char === '|') {
      endRun(false);
      alternatives.push(words);
      words = [];
    } else if (char === '^') endRun(false, true);
    else if (char === '$') endRun(true);
    else if (char === '\\') {
      end = at + 2;
      if (ESCAPED_PUNCTUATION.test(next)) literal = next;
      else if (BLANKS.includes(next)) literal = ' ';
      else if (!CLASSES.includes(next)) return undefined;
    } else if (char === '[') end = skipClass(source, at);
    else if (char === '(') end = skipGroup(source, at);
    else if (char !== '.') literal = char;

    const quantifier = readQuantifier(source, end);
    if (literal !== undefined && quantifier?.fewest !== 0) run += literal;
    if (literal === undefined && char !== '^' && char !== '$' && char !== '|') endRun(false);
    if (literal !== undefined && quantifier !== undefined) endRun(false);
    at = quantifier?.end ?? end;
  }
  endRun(false);
  alternatives.push(words);
  return alternatives.every((needed) => needed.length > 0) ? alternatives : undefined;
}

function wordsOf(run: string, begins: boolean, ends: boolean): NeededWord[] {
  return [...run.matchAll(WORD)]
    .map((match) => ({
      text: match[0].toLowerCase(),
      begins: begins || match.index > 0,
      ends: ends || match.index + match[0].length < run.length,
    }))
    .filter(({ text }) => ASCII.test(text));
}

/** The quantifier at a place; its end includes a `?` that makes it lazy. */
function readQuantifier(source: string, at: number): { fewest: number; end: number } | undefined {
  const match = /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(source.slice(at, at + 24));
  if (match === null) return undefined;
  const [text, mark, fewest = '1'] = match;
  return { fewest: mark === '*' || mark === '?' ? 0 : Number(fewest), end: at + text.length };
}

function skipClass(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source.charAt(at) === '\\') at++;
    else if (source.charAt(at) === ']') return at + 1;
  }
  return source.length;
}

function skipGroup(source: string, start: number): number {
  for (let at = start + 1; at < source.length; ) {
    const char = source.charAt(at);
    if (char === ')') return at + 1;
    if (char === '\\') at += 2;
    else if (char === '[') at = skipClass(source, at);
    else if (char === '(') at = skipGroup(source, at);
    else at++;
  }
  return source.length;
}
