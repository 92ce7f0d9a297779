import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, SECOND } from '../../../src/lib/time.ts';
import fc from '../../../test/fast-check.ts';
import { createTimeScale } from './time-scale.ts';
import {
  fitWindow,
  LONGEST,
  lengthOf,
  limitWindow,
  mixWindows,
  panWindow,
  SHORTEST,
  type TimeWindow,
  zoomWindow,
} from './time-window.ts';

const NOW = 1_795_451_088_000_000;
const windows = fc
  .tuple(fc.integer({ min: NOW - 900 * DAY, max: NOW }), fc.integer({ min: SHORTEST, max: LONGEST }))
  .map(([from, length]) => ({ from, to: from + length }));

test('zoomWindow keeps the moment under the mouse where it was', () => {
  fc.assert(
    fc.property(
      windows,
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (window, factor, share) => {
        const around = window.from + lengthOf(window) * share;
        const zoomed = zoomWindow(window, factor, around);
        const [before, after] = [createTimeScale(window, 1_000), createTimeScale(zoomed, 1_000)];
        // Times are whole microseconds: of the shortest window one is a pixel.
        assert.ok(Math.abs(before.toX(around) - after.toX(around)) <= 1.5);
      },
    ),
  );
});

test('zoomWindow ends at a millisecond and at two years', () => {
  const window = { from: NOW, to: NOW + SECOND };
  assert.equal(lengthOf(zoomWindow(window, 1e-9, NOW + 5)), SHORTEST);
  assert.equal(lengthOf(zoomWindow(window, 1e12, NOW + 5)), LONGEST);
});

test('panWindow keeps the length', () => {
  assert.deepEqual(panWindow({ from: NOW, to: NOW + 10 }, -3.4), { from: NOW - 3, to: NOW + 7 });
});

test('fitWindow shows a moment in a second around it', () => {
  const window = fitWindow({ from: NOW, to: NOW });
  assert.ok(window.from < NOW && window.to > NOW);
  assert.equal(Math.round(lengthOf(window) / SECOND), 1);
});

test('limitWindow turns a window around that was given the wrong way', () => {
  assert.deepEqual(limitWindow({ from: NOW + SECOND, to: NOW }), { from: NOW, to: NOW + SECOND });
});

test('mixWindows begins with the one and ends with the other', () => {
  // Nearly the same length, years apart: found by chance.
  const apart: [TimeWindow, TimeWindow] = [
    { from: 1717691088000000, to: 1717691088001014 },
    { from: 1740798012052481, to: 1740798012053496 },
  ];
  fc.assert(
    fc.property(windows, windows, (a, b) => {
      const [first, last] = [mixWindows(a, b, 0), mixWindows(a, b, 1)];
      assert.ok(Math.abs(first.from - a.from) <= 1 && Math.abs(first.to - a.to) <= 1);
      // In a double the end of an animation is exact to a pixel, not to a microsecond.
      assert.ok(Math.abs(last.from - b.from) <= 2 + lengthOf(b) / 4_000);
      assert.ok(Math.abs(last.to - b.to) <= 2 + lengthOf(b) / 4_000);
    }),
    { examples: [apart] },
  );
});
