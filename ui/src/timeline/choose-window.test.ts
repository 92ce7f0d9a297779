import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../../src/lib/time.ts';
import { lengthOf, panWindow, zoomWindow } from '../time/time-window.ts';
import { baseWindow, loadWindow } from './choose-window.ts';

const EXTENT = { from: 1_795_451_088_000_000, to: 1_795_451_388_000_000 };

test('baseWindow shows the whole record with room beside it when all is asked for', () => {
  const window = baseWindow({ kind: 'all' }, EXTENT);
  assert.ok(window.from < EXTENT.from && window.to > EXTENT.to);
});

test('baseWindow ends a little after the latest happening when it follows the record', () => {
  const window = baseWindow({ kind: 'last', length: HOUR }, EXTENT);
  assert.equal(EXTENT.to - window.from, HOUR);
  assert.ok(window.to > EXTENT.to && window.to - EXTENT.to < 2 * MINUTE);
});

test('loadWindow asks for nothing new when the view moved a little', () => {
  const loaded = loadWindow(EXTENT, undefined);
  assert.equal(loadWindow(panWindow(EXTENT, lengthOf(EXTENT) / 4), loaded), loaded);
  assert.equal(loadWindow(zoomWindow(EXTENT, 0.9, EXTENT.from), loaded), loaded);
});

test('loadWindow asks anew when the view has come near the edge, or looks much closer', () => {
  const loaded = loadWindow(EXTENT, undefined);
  assert.notEqual(loadWindow(panWindow(EXTENT, lengthOf(EXTENT)), loaded), loaded);
  assert.notEqual(loadWindow(zoomWindow(EXTENT, 0.4, EXTENT.from), loaded), loaded);
});
