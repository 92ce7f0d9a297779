import { test } from 'node:test';
import { crashAndCompare } from '../crash-rounds.ts';

for (const seed of [2, 3]) {
  test(`hark listen loses nothing but what it admits when it is killed many times (seed ${seed})`, async (t) => {
    await crashAndCompare(t, { seed, rounds: 8, writes: 12_000 });
  });
}
