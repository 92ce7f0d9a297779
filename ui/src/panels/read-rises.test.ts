import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECOND } from '../../../src/lib/time.ts';
import { flattenFields } from './flatten-fields.ts';
import { messagesOf, readRises } from './read-rises.ts';

const POINTS = [
  { at: '2026-11-23T16:25:50.000000Z', count: 1, message: 'back-off 10s' },
  { at: '2026-11-23T16:26:18.000000Z', count: 2 },
];

test('readRises tells how long each time came after the one before', () => {
  assert.deepEqual(
    readRises(POINTS).map(({ count, sincePrevious }) => [count, sincePrevious]),
    [
      [1, undefined],
      [2, 28 * SECOND],
    ],
  );
});

test('messagesOf tells the first and the latest message, the latter only when it differs', () => {
  assert.deepEqual(messagesOf({ event: { message: 'back-off 20s' }, points: POINTS }), {
    first: 'back-off 10s',
    last: 'back-off 20s',
  });
  assert.deepEqual(messagesOf({ event: { note: 'one' }, points: [POINTS[1] ?? { at: '', count: 1 }] }), {
    first: 'one',
    last: '',
  });
});

test('flattenFields tells every field, empty ones too', () => {
  assert.deepEqual(flattenFields({ metadata: { name: 'a', labels: {} }, eventTime: null, count: 2 }), [
    ['metadata.name', 'a'],
    ['metadata.labels', '{}'],
    ['eventTime', 'null'],
    ['count', '2'],
  ]);
});
