import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedEvent } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import { splitByUid } from './split-by-uid.ts';

function recorded(name: string, kind: string, uid: string): RecordedEvent {
  const object = {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name },
    involvedObject: { kind, name: 'x', uid },
  };
  return { cluster: '', event: parseEvent(object), occurrences: [], points: [], deletedAt: undefined };
}

function namesOf(records: readonly RecordedEvent[]): string[] {
  return records.map(({ event }) => event.name);
}

const PODS = [
  recorded('1', 'Pod', 'old'),
  recorded('2', 'Pod', 'new'),
  recorded('3', 'Pod', ''),
  recorded('4', 'Pod', 'old'),
];

test('splitByUid goes by the uids of the living object when they are known', () => {
  const { own, others } = splitByUid(PODS, ['new', 'mirror']);
  assert.deepEqual(
    [namesOf(own), namesOf(others)],
    [
      ['2', '3'],
      ['1', '4'],
    ],
  );
});

test('splitByUid goes by the newest Event that names a uid when the object is gone', () => {
  const { own, others } = splitByUid(PODS, undefined);
  assert.deepEqual([namesOf(own), namesOf(others)], [['1', '3', '4'], ['2']]);
});

test('splitByUid takes the three spellings of a Node for one', () => {
  const nodes = [
    recorded('1', 'Node', 'x'),
    recorded('2', 'Node', 'uid-1'),
    recorded('3', 'Node', ''),
    recorded('4', 'Node', 'uid-0'),
  ];
  const { own, others } = splitByUid(nodes, ['uid-1']);
  assert.deepEqual([namesOf(own), namesOf(others)], [['1', '2', '3'], ['4']]);
});

test('splitByUid keeps all when none names a uid', () => {
  assert.equal(splitByUid([recorded('1', 'Pod', ''), recorded('2', 'Pod', '')], undefined).own.length, 2);
});
