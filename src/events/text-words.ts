/** A word asked for. */
export interface SoughtWord {
  /** In lower case. */
  readonly word: string;
  /** Whether longer words that begin so count too. */
  readonly isBeginning: boolean;
}

/** What a word is made of; marks too, as they belong to the letter before them. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const SOUGHT = /[\p{L}\p{N}\p{M}\p{Co}]+\*?/gu;

/** The words of a question as `EventQuery.text` describes it. */
export function readSoughtWords(text: string): SoughtWord[] {
  return (text.match(SOUGHT) ?? []).map((sought) => ({
    word: sought.replace(/\*$/, '').toLowerCase(),
    isBeginning: sought.endsWith('*'),
  }));
}

/** Whether all of the words are in the message. */
export function hasWords(message: string, sought: readonly SoughtWord[]): boolean {
  const words = message.match(WORD)?.map((word) => word.toLowerCase()) ?? [];
  return sought.every(({ word, isBeginning }) =>
    words.some((candidate) => (isBeginning ? candidate.startsWith(word) : candidate === word)),
  );
}
