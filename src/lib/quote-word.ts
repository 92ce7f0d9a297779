/** A word as a POSIX shell takes it: in quotes where it holds what a shell reads otherwise. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
