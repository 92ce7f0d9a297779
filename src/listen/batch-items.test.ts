import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../test/fake-clock.ts';
import fc from '../../test/fast-check.ts';
import { passTime, settle } from '../../test/pass-time.ts';
import { createClock } from '../lib/clock.ts';
import { MILLISECOND, SECOND, wallClock } from '../lib/time.ts';
import { batchItems, openList } from './batch-items.ts';

/** A source whose items are given by hand; `asked` counts how often it was asked for one. */
function makeSource<T>() {
  const given: T[] = [];
  let wake: (() => void) | undefined;
  let failure: Error | undefined;
  let ended = false;
  const source = {
    asked: 0,
    closed: false,
    give(...items: T[]) {
      given.push(...items);
      wake?.();
    },
    end(error?: Error) {
      ended = true;
      failure = error;
      wake?.();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T[]> {
      try {
        for (;;) {
          source.asked += 1;
          while (given.length === 0 && !ended)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          const [next] = given.splice(0, 1);
          if (next !== undefined) yield [next];
          else if (failure !== undefined) throw failure;
          else return;
        }
      } finally {
        source.closed = true;
      }
    },
  };
  return source;
}

test('batchItems hands out every item once and in order when it comes in bursts of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 30 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 10 }),
      async (bursts, count) => {
        const total = bursts.reduce((sum, burst) => sum + burst, 0);
        async function* source() {
          let next = 0;
          for (const burst of bursts) {
            yield Array.from({ length: burst }, () => next++);
            await settle();
          }
        }
        const read: number[] = [];
        for await (const batch of batchItems(
          source(),
          openList<number>,
          { count, delay: 0 },
          createClock(wallClock),
        )) {
          assert.ok(batch.length > 0 && batch.length < count + Math.max(...bursts));
          read.push(...batch);
        }
        assert.deepEqual(
          read,
          Array.from({ length: total }, (_, i) => i),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('batchItems hands out a part of a batch when its first item has waited long enough, not before', async () => {
  const clock = createFakeClock();
  const source = makeSource<string>();
  const batches = batchItems(source, openList<string>, { count: 10, delay: 200 * MILLISECOND }, clock);
  let handed: readonly string[] | undefined;
  const next = batches.next().then((result) => {
    handed = result.value ?? [];
  });
  source.give('a', 'b');
  await passTime(clock, 199 * MILLISECOND);
  assert.equal(handed, undefined);
  await passTime(clock, MILLISECOND);
  await next;
  assert.deepEqual(handed, ['a', 'b']);
});

test('batchItems reads ahead two batches and no further while the consumer is busy', async () => {
  const source = makeSource<number>();
  source.give(...Array.from({ length: 100 }, (_, i) => i));
  const batches = batchItems(source, openList<number>, { count: 5, delay: SECOND }, createClock(wallClock));
  assert.deepEqual((await batches.next()).value, [0, 1, 2, 3, 4]);
  await settle();
  assert.ok(source.asked <= 16, `the source was asked ${source.asked} times for one batch of 5 taken`);
  await batches.return(undefined);
});

test('batchItems hands out what came before a failure and then throws it', async () => {
  const source = makeSource<number>();
  source.give(1, 2, 3);
  source.end(new Error('connection reset'));
  const read: number[][] = [];
  await assert.rejects(async () => {
    const batches = batchItems(source, openList<number>, { count: 2, delay: SECOND }, createClock(wallClock));
    for await (const batch of batches) read.push(batch);
  }, /connection reset/);
  assert.deepEqual(read, [[1, 2], [3]]);
});

test('batchItems lets the source go when the consumer stops', async () => {
  const source = makeSource<number>();
  source.give(1, 2, 3, 4);
  const batches = batchItems(source, openList<number>, { count: 1, delay: SECOND }, createClock(wallClock));
  for await (const _ of batches) break;
  source.give(5);
  await settle();
  assert.equal(source.closed, true);
});
