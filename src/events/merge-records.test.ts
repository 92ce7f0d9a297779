import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecordedWatch } from '../../test/read-recording.ts';
import type { Event } from './event.ts';
import { compareStates } from './merge-records.ts';
import { parseEvent } from './parse-event.ts';

const EVENTS = readRecordedWatch('v1.36/c-crashloop/events-core-v1.jsonl').map(({ object }) =>
  parseEvent(object),
);

/** The same Event, with one text of it another. */
function* changeTexts(event: Event): Generator<Event> {
  for (const [key, value] of Object.entries(event))
    if (typeof value === 'string') yield { ...event, [key]: `${value}!` };
  for (const [key, value] of Object.entries(event.involvedObject))
    yield { ...event, involvedObject: { ...event.involvedObject, [key]: `${value}!` } };
  yield { ...event, residue: '{"/note":"x"}' };
  yield { ...event, related: event.involvedObject };
}

test('compareStates finds nothing to tell two readings of one state apart', () => {
  for (const event of EVENTS) assert.equal(compareStates(event, structuredClone(event)), 0);
});

test('compareStates orders states that differ in any text, the same both ways', () => {
  for (const event of EVENTS) {
    for (const other of changeTexts(event)) {
      const order = compareStates(event, other);
      assert.notEqual(order, 0);
      assert.equal(Math.sign(compareStates(other, event)), -Math.sign(order));
    }
  }
});
