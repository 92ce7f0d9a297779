import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOfRepeats, keepEnds } from './repeat-events.ts';

test('keepEnds keeps the first and the latest when there are too many', () => {
  assert.deepEqual(keepEnds([1, 2, 3, 4, 5, 6, 7], 5), [1, 2, 3, 6, 7]);
  assert.deepEqual(keepEnds([1, 2, 3], 3), [1, 2, 3]);
});

test('eventsOfRepeats counts on, and tells a message only when it is new', () => {
  const occurrences = [
    { at: 1, count: 2, message: 'a' },
    { at: 2, count: 1, message: 'a' },
    { at: 3, count: 4, message: 'b' },
  ];
  assert.deepEqual(eventsOfRepeats({ occurrences, reason: 'BackOff' }), [
    { at: 2, name: 'BackOff', attributes: { 'k8s.event.count': 3 } },
    {
      at: 3,
      name: 'BackOff',
      attributes: { 'k8s.event.count': 7, 'hark.repeats': 4, 'k8s.event.message': 'b' },
    },
  ]);
});
