/** Gives an answer, made anew only when the record has changed since the same was asked last. */
export type RememberAnswer = (key: string, make: () => Promise<string>) => Promise<string>;

/** What answers may take together, in letters. */
const MOST_LETTERS = 8_000_000;

/**
 * Keeps answers for as long as the record stays as it is: of a long one each is counted in tenths of a second, and who is called to an incident looks
 * at what the others look at.
 *
 * @param version another number whenever an answer could be another
 * @param most how many letters are kept; the answers that were asked for longest ago go first
 */
export function rememberAnswers(version: () => number, most = MOST_LETTERS): RememberAnswer {
  const answers = new Map<string, string>();
  let kept = version();
  let letters = 0;

  function forget(key: string): void {
    letters -= answers.get(key)?.length ?? 0;
    answers.delete(key);
  }

  return async (key, make) => {
    if (version() !== kept) {
      answers.clear();
      [kept, letters] = [version(), 0];
    }
    const begun = kept;
    const answer = answers.get(key) ?? (await make());
    // The record may have changed meanwhile.
    if (version() !== begun || kept !== begun) return answer;
    forget(key);
    answers.set(key, answer);
    letters += answer.length;
    for (const oldest of answers.keys()) {
      if (letters <= most) break;
      forget(oldest);
    }
    return answer;
  };
}
