/** The last `limit` items of a stream of pages, in one page; all of them, as they come, when there is no limit. */
export async function* limitPages<T>(
  pages: AsyncIterable<readonly T[]>,
  limit: number | undefined,
): AsyncGenerator<readonly T[]> {
  if (limit === undefined) {
    yield* pages;
    return;
  }
  let last: T[] = [];
  for await (const page of pages) {
    last.push(...page);
    if (last.length > 2 * limit) last = last.slice(-limit);
  }
  if (limit > 0 && last.length > 0) yield last.slice(-limit);
}
