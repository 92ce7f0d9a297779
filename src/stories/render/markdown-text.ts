import { makeSafe } from '../../lib/safe-text.ts';

/** As plain text of a line or a table's cell: what Markdown or HTML would read otherwise is escaped. */
export function text(words: string): string {
  return makeSafe(words.replace(/\s*[\r\n]+\s*/g, ' ')).replace(/[\\`*_[\]<>|&#]/g, (letter) =>
    letter === '&' ? '&amp;' : letter === '<' ? '&lt;' : letter === '>' ? '&gt;' : `\\${letter}`,
  );
}

/** As code within a line. */
export function code(words: string): string {
  return `\`${makeSafe(words).replaceAll('`', "'")}\``;
}

/** As code in lines of its own, exactly as it was said. */
export function codeBlock(words: string): string[] {
  return ['```', makeSafe(words, { newlines: true }).replaceAll('```', "'''"), '```'];
}
