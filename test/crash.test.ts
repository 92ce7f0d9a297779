import { test } from 'node:test';
import { crashAndCompare } from './crash-rounds.ts';

test('hark listen loses nothing but what it admits when it is killed at random moments under load', async (t) => {
  await crashAndCompare(t, { seed: 1, rounds: 4, writes: 1000 });
});
