/**
 * The words that a mistyped one most probably means: those the fewest edits away (an edit: a letter more, less, other, or two swapped), at
 * most a third of its letters, and those it is the beginning of. None when nothing is near.
 */
export function suggestSimilar(typed: string, words: readonly string[]): string[] {
  const lower = typed.toLowerCase();
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const scored = words.map((word) => ({ word, distance: distanceBetween(lower, word.toLowerCase()) }));
  const best = Math.min(limit, ...scored.map((entry) => entry.distance));
  const near = scored.filter((entry) => entry.distance === best).map((entry) => entry.word);
  if (near.length > 0 && best <= limit) return near.slice(0, 3);
  return lower.length < 2 ? [] : words.filter((word) => word.toLowerCase().startsWith(lower)).slice(0, 3);
}

/** Optimal string alignment distance. */
function distanceBetween(a: string, b: string): number {
  let [older, previous] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const [insert, remove, change] = [
        at(current, j - 1) + 1,
        at(previous, j) + 1,
        at(previous, j - 1) + cost,
      ];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current[j] = Math.min(
        insert,
        remove,
        change,
        swapped ? at(older, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    older = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
