const PAGE = 1_000;

interface Cursor<T> {
  readonly pages: AsyncIterator<readonly T[]>;
  page: readonly T[];
  at: number;
}

/**
 * Merges streams that are each in order into one that is, reading of each only as far as needed. Where items compare equal, those of earlier
 * streams come first.
 */
export async function* mergePages<T>(
  streams: readonly AsyncIterable<readonly T[]>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T[]> {
  const cursors = streams.map(
    (stream): Cursor<T> => ({ pages: stream[Symbol.asyncIterator](), page: [], at: 0 }),
  );
  try {
    let merged: T[] = [];
    for (;;) {
      await Promise.all(cursors.map(fill));
      if (cursors.every(({ page }) => page.length === 0)) break;
      while (merged.length < PAGE) {
        const next = takeLeast(cursors, compare);
        if (next === undefined) break;
        merged.push(next);
        if (cursors.some(({ page, at }) => page.length > 0 && at === page.length)) break;
      }
      if (merged.length < PAGE) continue;
      yield merged;
      merged = [];
    }
    if (merged.length > 0) yield merged;
  } finally {
    await Promise.all(cursors.map(({ pages }) => pages.return?.()));
  }
}

/** Sees to it that the cursor stands on an item; its page is empty once there is none. */
async function fill<T>(cursor: Cursor<T>): Promise<void> {
  while (cursor.at === cursor.page.length) {
    const { value, done } = await cursor.pages.next();
    cursor.page = done === true ? [] : value;
    cursor.at = 0;
    if (done === true) return;
  }
}

function takeLeast<T>(cursors: readonly Cursor<T>[], compare: (a: T, b: T) => number): T | undefined {
  let least: { cursor: Cursor<T>; item: T } | undefined;
  for (const cursor of cursors) {
    const item = cursor.page[cursor.at];
    if (item !== undefined && (least === undefined || compare(item, least.item) < 0))
      least = { cursor, item };
  }
  if (least === undefined) return undefined;
  least.cursor.at += 1;
  return least.item;
}
