import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import { hasRecording, listScenarios } from '../../test/read-recording.ts';
import type { Change } from '../objects/change.ts';
import {
  formatChangeLine,
  formatLastStateLine,
  formatStateLine,
  parseChangeLine,
  parseLastStateLine,
  parseStateLine,
} from './hark-export-objects.ts';

test('parseStateLine and parseChangeLine give back every recorded object and change', () => {
  const paths = listScenarios().map((scenario) => `${scenario}/objects.jsonl`);
  const recorded = paths.filter(hasRecording).map((path) => readObjects(path));
  const objects = recorded.flatMap((told) => told.objects);
  const [some] = objects;
  assert.ok(some !== undefined);
  const { cluster, apiVersion, kind, namespace, name, uid } = some;
  const edited: Change = {
    type: 'content-changed',
    object: { cluster, apiVersion, kind, namespace, name, uid },
    at: 1_795_460_384_000_001,
    resourceVersion: '7',
    manager: 'kubectl-edit',
    keys: ['color', 'size'],
  };
  const changes = [...recorded.flatMap((told) => told.changes), edited];
  assert.ok(objects.length > 100);
  assert.equal(new Set(changes.map(({ type }) => type)).size, 8);
  for (const object of objects) assert.deepEqual(parseStateLine(JSON.parse(formatStateLine(object))), object);
  for (const change of changes)
    assert.deepEqual(parseChangeLine(JSON.parse(formatChangeLine(change))), change);
});

test('parseLastStateLine gives back what an object was last, and says what is wrong with one that has no name', () => {
  const metadata = { name: 'web-0', namespace: 'shop', uid: 'u-1' };
  const state = {
    cluster: 'c',
    object: { apiVersion: 'v1', kind: 'Pod', metadata, status: { phase: 'Failed' } },
  };
  assert.deepEqual(parseLastStateLine(JSON.parse(formatLastStateLine(state))), state);
  assert.throws(() => parseLastStateLine({ cluster: 'c', last: { kind: 'Pod', metadata: {} } }), {
    code: 'bad-export',
    message: /its last state is \{"kind":"Pod","metadata":\{\}\}$/,
  });
});

test('parseStateLine and parseChangeLine say what is wrong when a line was tampered with', () => {
  const [state, change] = [{ seenAt: '2026-11-23T16:00:00Z' }, { at: '2026-11-23T16:00:00Z', object: {} }];
  const bad = (message: RegExp) => ({ code: 'bad-export', message });
  assert.throws(
    () => parseStateLine({ cluster: 'c', state: { ...state, seenAt: 1 } }),
    bad(/its time is 1$/),
  );
  assert.throws(
    () => parseChangeLine({ cluster: 'c', change: { ...change, type: 'exploded' } }),
    bad(/its type of change is "exploded"/),
  );
  assert.throws(
    () => parseChangeLine({ cluster: 'c', change: { ...change, type: 'container-terminated' } }),
    bad(/its exitCode is undefined/),
  );
  assert.throws(
    () => parseChangeLine({ cluster: 'c', change: { type: 'deleted' } }),
    bad(/its object is undefined/),
  );
});
