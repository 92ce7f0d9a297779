import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '../../test/read-record.ts';
import { openStories } from '../stories/open-stories.ts';
import { createHistoryLog, type Told } from './history-log.ts';

const told = openStories();
for (const record of readRecord('v1.36/b-bad-image/events-core-v1.jsonl')) told.addEvent(record);
const [STORY] = told.tellChanges(Date.UTC(2026, 10, 23, 18) * 1000).told;
assert.ok(STORY !== undefined);
const story = (id: string, title: string) => ({ ...STORY, id, title });
const titleOf = (one: Told | undefined) => (one !== undefined && 'title' in one ? one.title : undefined);

test('take gives the same version as long as the same is told, and versions that grow with the record', () => {
  const log = createHistoryLog();
  const first = log.take([story('a', '1')], 7);
  assert.equal(first.version, 7_000);
  assert.deepEqual(log.take([story('a', '1')], 9), first);
  const second = log.take([story('a', '2'), story('b', '1')], 7);
  assert.equal(second.version, 7_001);
  assert.equal(log.take([story('b', '1')], 8).version, 8_000);
  assert.deepEqual(
    log.since(first.version)?.map(({ before, after }) => [titleOf(before), after?.id, titleOf(after)]),
    [
      ['1', 'a', '2'],
      [undefined, 'b', '1'],
      ['2', undefined, undefined],
    ],
  );
  assert.deepEqual(log.since(8_000), []);
  assert.equal(log.since(6_999), undefined);
  assert.equal(log.since(8_001), undefined);
});

test('since forgets what is long ago, never a part of a version', () => {
  const log = createHistoryLog(4);
  const versions = Array.from(
    { length: 20 },
    (_, turn) => log.take([story('a', `${turn}`), story('b', `${turn}`)], 1).version,
  );
  const known = versions.filter((version) => log.since(version) !== undefined);
  assert.ok(known.length >= 3 && known.length < 8, `${known.length} are known`);
  for (const version of known)
    assert.equal(log.since(version)?.length, 2 * ((versions.at(-1) ?? 0) - version));
});
