import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarkError } from '../lib/errors.ts';
import { kindsOf, parseObjects } from './parse-objects.ts';

test('parseObjects takes KIND/NAME as often as wanted, and KIND followed by names', () => {
  const read = (...words: string[]) =>
    parseObjects(words, 'it').map(({ kinds, name }) => `${kinds[0]} ${name}`);
  assert.deepEqual(read('pod/x'), ['Pod x']);
  assert.deepEqual(read('po/x', 'deployments.apps/y', 'Node/z'), ['Pod x', 'Deployment y', 'Node z']);
  assert.deepEqual(read('deploy', 'web', 'api'), ['Deployment web', 'Deployment api']);
});

test('parseObjects says what is missing when there is a kind but no name, or a name but no kind', () => {
  for (const [words, hint] of [
    [['pod'], 'pod/NAME'],
    [['web-0'], 'pod/web-0'],
    [['pod/'], 'pod/web-0'],
    [['/x'], 'pod/web-0'],
    [['pod/x/y'], 'pod/web-0'],
    [['pod/x', 'y'], 'pod/web-0'],
  ] as const) {
    assert.throws(
      () => parseObjects(words, 'it'),
      (error: unknown) => error instanceof HarkError && error.exitCode === 2 && error.hint.includes(hint),
      words.join(' '),
    );
  }
});

test('kindsOf guesses the Kinds that the plural of a custom resource may mean', () => {
  assert.deepEqual(kindsOf('svc'), ['Service']);
  assert.ok(kindsOf('rollouts.argoproj.io').includes('rollout'));
  assert.ok(kindsOf('virtualservices').includes('virtualservice'));
  assert.ok(kindsOf('clusterpolicies').includes('clusterpolicy'));
  assert.ok(kindsOf('meshes').includes('mesh'));
  assert.deepEqual(kindsOf('Kafka'), ['Kafka']);
});
