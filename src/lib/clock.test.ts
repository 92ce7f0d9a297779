import assert from 'node:assert/strict';
import test from 'node:test';
import { createFakeClock } from '../../test/fake-clock.ts';
import { createClock, sleep } from './clock.ts';
import { HOUR, SECOND } from './time.ts';

test('createClock tells the time it is given and calls back', async () => {
  const clock = createClock(() => 42);
  assert.equal(clock.now(), 42);
  await new Promise<void>((resolve) => clock.after(0, resolve));
});

test('createClock does not call back when called off, nor at once when the delay is longer than a Node timer can be', async () => {
  const clock = createClock(() => 0);
  const called: string[] = [];
  const cancelLong = clock.after(1000 * 24 * HOUR, () => called.push('long'));
  clock.after(0, () => called.push('called off'))();
  await new Promise<void>((resolve) => clock.after(0, resolve));
  cancelLong();
  assert.deepEqual(called, []);
});

test('sleep ends when its time is over, and leaves no timer when the signal ends it', async () => {
  const clock = createFakeClock();
  const asleep = sleep(clock, 5 * SECOND);
  clock.advance(5 * SECOND);
  await asleep;
  const stop = new AbortController();
  const longer = sleep(clock, HOUR, stop.signal);
  assert.deepEqual(clock.timers(), [HOUR]);
  stop.abort();
  await longer;
  await sleep(clock, HOUR, stop.signal);
  assert.deepEqual(clock.timers(), []);
});
