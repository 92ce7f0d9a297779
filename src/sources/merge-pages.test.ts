import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { limitPages } from './limit-pages.ts';
import { mergePages } from './merge-pages.ts';

type Item = readonly [value: number, stream: number];

/** Sorted pages of any size, empty ones among them. */
const streams = fc.array(
  fc.array(fc.array(fc.nat(20), { maxLength: 5 }), { maxLength: 5 }).map((pages) => {
    const sorted = pages.flat().sort((a, b) => a - b);
    return pages.map((page) => sorted.splice(0, page.length));
  }),
  { maxLength: 4 },
);

async function* toPages(pages: readonly (readonly number[])[], stream: number): AsyncGenerator<Item[]> {
  for (const page of pages) yield page.map((value) => [value, stream] as const);
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

test('mergePages gives all items in order, equal ones in the order of their streams, when the streams are in order', async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (all) => {
      const merged = await collect(mergePages(all.map(toPages), ([a], [b]) => a - b));
      const expected = all.flatMap((pages, stream) => pages.flat().map((value): Item => [value, stream]));
      assert.deepEqual(
        merged,
        expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]),
      );
    }),
  );
});

test('mergePages closes every stream when the reader stops early', async () => {
  let closed = 0;
  async function* endless(): AsyncGenerator<number[]> {
    try {
      for (;;) yield Array.from({ length: 700 }, () => 1);
    } finally {
      closed += 1;
    }
  }
  for await (const page of mergePages([endless(), endless()], (a, b) => a - b)) {
    assert.equal(page.length, 1000);
    break;
  }
  assert.equal(closed, 2);
});

test('limitPages gives the last items when there is a limit, and all when there is none', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 6 }),
      fc.option(fc.nat(12)),
      async (pages, limit) => {
        async function* source() {
          yield* pages;
        }
        const all = pages.flat();
        const expected = limit === null ? all : all.slice(Math.max(0, all.length - limit));
        assert.deepEqual(await collect(limitPages(source(), limit ?? undefined)), expected);
      },
    ),
  );
});
