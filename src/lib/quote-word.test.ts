import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { quoteWord } from './quote-word.ts';

test('quoteWord gives what a shell reads as the very word', () => {
  for (const word of [
    'prod',
    'arn:aws:eks:eu-1:1/cluster',
    'my cluster',
    "it's",
    '$HOME',
    'a"b`c',
    '',
    '~',
    'a\nb',
  ])
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quoteWord(word)}`]).toString(), word);
});

test('quoteWord leaves a word as it is when a shell does', () => {
  assert.equal(quoteWord('kind-kind'), 'kind-kind');
});
