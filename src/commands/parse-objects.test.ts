import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarkError } from '../lib/errors.ts';
import { guessKind } from './kind-meanings.ts';
import { parseObjects } from './parse-objects.ts';

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

test('guessKind guesses the Kinds that the plural of a custom resource may mean', () => {
  assert.deepEqual(guessKind('svc').kinds, ['Service']);
  assert.ok(guessKind('rollouts.argoproj.io').kinds.includes('rollout'));
  assert.ok(guessKind('virtualservices').kinds.includes('virtualservice'));
  assert.ok(guessKind('clusterpolicies').kinds.includes('clusterpolicy'));
  assert.ok(guessKind('meshes').kinds.includes('mesh'));
  assert.deepEqual(guessKind('Kafka').kinds, ['Kafka']);
});
