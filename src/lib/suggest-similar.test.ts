import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestSimilar } from './suggest-similar.ts';

const WORDS = ['events', 'describe', 'listen', 'import', 'export', 'replay', 'version', 'completion'];

test('suggestSimilar finds the word meant when a letter is missing, extra, wrong or swapped', () => {
  for (const typed of ['event', 'eventss', 'evemts', 'evnets', 'EVENTS'])
    assert.deepEqual(suggestSimilar(typed, WORDS), ['events'], typed);
});

test('suggestSimilar gives every word that is equally near', () => {
  assert.deepEqual(suggestSimilar('pob', ['pod', 'job', 'node']), ['pod', 'job']);
});

test('suggestSimilar takes the beginning of a word for the word', () => {
  assert.deepEqual(suggestSimilar('desc', WORDS), ['describe']);
});

test('suggestSimilar gives none when nothing is near', () => {
  for (const typed of ['banana', 'x', '', 'kubernetes'])
    assert.deepEqual(suggestSimilar(typed, WORDS), [], typed);
});
