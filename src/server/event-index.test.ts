import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScenario } from '../../test/read-record.ts';
import { happenedAt, lastHappenedAt } from '../events/event-time.ts';
import { idOf } from '../follow/change-reader.ts';
import { createEventIndex } from './event-index.ts';

const RECORDS = readScenario('v1.36/b-bad-image');

test('createEventIndex files each Event once, however often it is added, in its latest state', () => {
  const index = createEventIndex();
  for (const record of [...RECORDS, ...RECORDS]) index.add(record);
  assert.equal(index.size(), RECORDS.length);
  for (const record of RECORDS) {
    const entry = index.find(idOf(record)) ?? -1;
    const { event, occurrences } = record;
    assert.equal(index.last.get(entry), lastHappenedAt(event));
    assert.equal(index.first.get(entry), Math.min(happenedAt(event), lastHappenedAt(event)));
    assert.equal(index.voices.get(index.voice.get(entry)).reason, event.reason);
    assert.equal(index.objects[index.object.get(entry)]?.home.id.name, event.involvedObject.name);
    const { places, begins, ends, counts } = index.rises.values();
    const place = places[entry] ?? 0;
    assert.deepEqual(
      place === 0 ? [1] : [...counts.subarray(begins[place], ends[place])],
      occurrences.map(({ count }) => count),
    );
  }
});

test('createEventIndex leaves out what retention has removed, until it is heard of again', () => {
  const index = createEventIndex();
  RECORDS.forEach(index.add);
  const until = lastHappenedAt(RECORDS[5]?.event ?? assert.fail());
  const removed = RECORDS.filter(({ event }) => lastHappenedAt(event) < until);
  assert.ok(removed.length > 0);
  for (let times = 0; times < 2; times++) index.hideBefore(until);
  assert.equal(index.hidden(), removed.length);
  for (const record of removed) {
    const entry = index.find(idOf(record)) ?? -1;
    assert.ok(index.first.get(entry) > index.last.get(entry));
  }
  const [back] = removed;
  if (back !== undefined) index.add(back);
  assert.equal(index.hidden(), removed.length - 1);
});

test('createEventIndex knows the oldest of the newest', () => {
  const index = createEventIndex();
  RECORDS.forEach(index.add);
  const lasts = RECORDS.map(({ event }) => lastHappenedAt(event)).sort((a, b) => a - b);
  assert.equal(index.lastOfNewest(3), lasts.at(-3));
  assert.equal(index.lastOfNewest(RECORDS.length), undefined);
});
