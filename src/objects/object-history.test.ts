import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import { readRecordedWatch } from '../../test/read-recording.ts';
import { parseTime } from '../lib/rfc3339.ts';
import type { Change } from './change.ts';
import { openObjectHistory } from './object-history.ts';
import { at, isRaw, listAt, type RawObject, textAt } from './raw-object.ts';

const WATCH = 'v1.36/b-bad-image/objects.jsonl';

function readStates(): { object: RawObject; at: number; deleted: boolean }[] {
  return readRecordedWatch(WATCH).flatMap(({ object, type, at: heard }) =>
    isRaw(object) ? [{ object, at: parseTime(heard) ?? 0, deleted: type === 'DELETED' }] : [],
  );
}

test('openObjectHistory tells what a watch tells when it is told its lines one by one', () => {
  const history = openObjectHistory();
  const changes: Change[] = [];
  for (const state of readStates()) changes.push(...(history.see(state, 'recorded')?.changes ?? []));
  assert.deepEqual(changes, readObjects(WATCH).changes);
});

test('openObjectHistory tells nothing of the difference to a later state when an older one comes after it', () => {
  const states = readStates().filter(
    ({ object }) =>
      textAt(object, 'kind') === 'Deployment' && textAt(object, 'metadata', 'name') === 'podinfo',
  );
  const history = openObjectHistory();
  const [first, last] = [states[0], states.findLast(({ deleted }) => !deleted)];
  assert.ok(first !== undefined && last !== undefined && first !== last);
  history.see(last, 'recorded');
  const told = history.see(first, 'recorded')?.changes ?? [];
  assert.deepEqual(
    told.filter(({ type }) => type === 'spec-changed'),
    [],
  );
});

test('openObjectHistory takes the last time that an object tells when nobody tells when it was seen', () => {
  const pod = readStates().findLast(
    ({ object, deleted }) => textAt(object, 'kind') === 'Pod' && !deleted,
  )?.object;
  assert.ok(pod !== undefined);
  const written = listAt(pod, 'metadata', 'managedFields').map(
    (entry) => parseTime(textAt(entry, 'time')) ?? 0,
  );
  const seen = openObjectHistory().see({ object: pod, at: undefined, deleted: false }, 'recorded');
  assert.equal(seen?.object.seenAt, Math.max(...written));
  const bare = { ...pod, metadata: { ...(at(pod, 'metadata') as object), managedFields: [] } };
  const guessed = openObjectHistory().see({ object: bare, at: undefined, deleted: false }, 'recorded');
  assert.ok((guessed?.object.seenAt ?? 0) > 0 && (guessed?.object.seenAt ?? 0) <= Math.max(...written));
});

test('openObjectHistory knows nothing when an object has no name', () => {
  assert.equal(
    openObjectHistory().see({ object: { kind: 'APIResourceList' }, at: 1, deleted: false }, 'recorded'),
    undefined,
  );
});

test('openObjectHistory concludes which images came when it saw nothing but the last states', () => {
  const last = new Map(readStates().map(({ object }) => [textAt(object, 'metadata', 'uid'), object]));
  const history = openObjectHistory();
  for (const object of last.values()) history.see({ object, at: undefined, deleted: false }, 'recorded');
  const images = history
    .conclude('recorded')
    .flatMap((change) => (change.type === 'spec-changed' ? change.fields : []))
    .filter(({ field }) => field === 'image');
  assert.deepEqual(
    images.map(({ from, to }) => [from, to]),
    [
      ['ghcr.io/stefanprodan/podinfo:6.0.0', 'example'],
      ['example', 'ghcr.io/stefanprodan/podinfo:6.0.1'],
    ],
  );
  assert.deepEqual(history.conclude('another'), []);
});
