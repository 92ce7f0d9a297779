import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackgroundWork } from './background-work.ts';

test('createBackgroundWork does all steps once it is quiet', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let left = 5;
  const work = createBackgroundWork(() => --left > 0);
  work.note();
  assert.equal(left, 5);
  t.mock.timers.tick(200);
  assert.equal(left, 4);
  t.mock.timers.tick(200);
  for (let turn = 0; turn < 10; turn++) t.mock.timers.tick(1);
  assert.equal(left, 0);
});

test('createBackgroundWork goes on step by step while something else is done all the time', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let done = 0;
  const work = createBackgroundWork(() => ++done > 0);
  for (let at = 0; at < 1_000; at += 50) {
    work.note();
    t.mock.timers.tick(50);
  }
  assert.equal(done, 5);
});

test('createBackgroundWork leaves steps out in a burst of something else, not for ever, and catches up afterwards', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let done = 0;
  const work = createBackgroundWork(() => ++done < 100, 10);
  const doOther = (amount: number, forMs: number) => {
    for (let at = 0; at < forMs; at += 50) {
      work.note(amount);
      t.mock.timers.tick(50);
    }
  };
  doOther(3, 5_000);
  assert.equal(done, 0);
  doOther(3, 5_000);
  assert.equal(done, 1);
  doOther(1, 1_000);
  assert.equal(done, 6);
  t.mock.timers.tick(400);
  for (let turn = 0; turn < 200; turn++) t.mock.timers.tick(1);
  assert.equal(done, 100);
});

test('createBackgroundWork ends with what it throws, and begins again with the next note; stop ends it for good', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let tried = 0;
  const work = createBackgroundWork(() => {
    tried++;
    throw new Error('no room');
  });
  work.note();
  t.mock.timers.tick(10_000);
  assert.equal(tried, 1);
  work.note();
  t.mock.timers.tick(10_000);
  assert.equal(tried, 2);
  work.note();
  work.stop();
  t.mock.timers.tick(10_000);
  assert.equal(tried, 2);
});
