import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../../test/fake-clock.ts';
import { SECOND } from '../../lib/time.ts';
import { createAnswerCache } from './answer-cache.ts';

test('createAnswerCache asks once for as long as an answer holds, and yes and no hold differently long', async () => {
  const clock = createFakeClock();
  const cache = createAnswerCache<boolean>(clock, 10, (yes) => (yes ? 10 : 30) * SECOND);
  let asked = 0;
  const ask = (key: string, value: boolean) =>
    cache.ask(key, async () => {
      asked += 1;
      return value;
    });
  assert.deepEqual(await ask('a', true), { value: true, until: clock.now() + 10 * SECOND });
  await ask('b', false);
  clock.advance(10 * SECOND - 1);
  assert.equal((await ask('a', false)).value, true);
  assert.equal(asked, 2);
  clock.advance(1);
  assert.equal((await ask('a', false)).value, false);
  assert.equal((await ask('b', true)).value, false);
  assert.equal(asked, 3);
  clock.advance(20 * SECOND);
  assert.equal((await ask('b', true)).value, true);
  assert.equal(asked, 4);
});

test('createAnswerCache puts a question once for all who ask at once, and keeps no failure', async () => {
  const cache = createAnswerCache<string>(createFakeClock(), 10, () => SECOND);
  const { promise, resolve } = Promise.withResolvers<string>();
  let asked = 0;
  const question = () => {
    asked += 1;
    return promise;
  };
  const answers = Promise.all([cache.ask('a', question), cache.ask('a', question)]);
  resolve('yes');
  assert.deepEqual(
    (await answers).map(({ value }) => value),
    ['yes', 'yes'],
  );
  assert.equal(asked, 1);
  await assert.rejects(
    cache.ask('b', () => Promise.reject(new Error('down'))),
    /down/,
  );
  assert.equal((await cache.ask('b', async () => 'up')).value, 'up');
  assert.equal(cache.size(), 2);
});

test('createAnswerCache counts from when the question was put: an answer that took long holds shorter', async () => {
  const clock = createFakeClock();
  const cache = createAnswerCache<string>(clock, 10, () => 10 * SECOND);
  const begun = clock.now();
  const { until } = await cache.ask('a', async () => {
    clock.advance(4 * SECOND);
    return 'late';
  });
  assert.equal(until, begun + 10 * SECOND);
});

test('createAnswerCache holds no more answers than it may, and forgets those asked for longest ago', async () => {
  const cache = createAnswerCache<number>(createFakeClock(), 3, () => SECOND);
  for (const key of ['a', 'b', 'c', 'a', 'd']) await cache.ask(key, async () => 1);
  assert.equal(cache.size(), 3);
  assert.equal((await cache.ask('a', async () => 2)).value, 1);
  assert.equal((await cache.ask('b', async () => 2)).value, 2);
});
