import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { displayWidth, padToWidth } from './display-width.ts';
import { cutToWidth, wrapText } from './wrap-text.ts';

test('displayWidth counts columns when letters are wide, joined or invisible', () => {
  const cases: [string, number][] = [
    ['abc', 3],
    ['', 0],
    ['日本', 4],
    ['ａ', 2],
    ['한국', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['🇨🇭', 2],
    ['✔', 1],
    ['✔️', 2],
    ['a\u200bb', 2],
    ['…', 1],
    ['1️⃣', 2],
    ['12', 2],
  ];
  for (const [text, width] of cases) assert.equal(displayWidth(text), width, JSON.stringify(text));
});

test('padToWidth fills up by columns, not by letters', () => {
  assert.equal(padToWidth('日', 4), '日  ');
  assert.equal(padToWidth('long', 2), 'long');
});

test('wrapText breaks between words, at newlines, and inside of a word that is too long', () => {
  assert.deepEqual(wrapText('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapText('one\r\ntwo\n', 7), ['one', 'two', '']);
  assert.deepEqual(wrapText('an abcdefghij x', 4), ['an', 'abcd', 'efgh', 'ij x']);
  assert.deepEqual(wrapText('日本語 です', 4), ['日本', '語', 'です']);
  assert.deepEqual(wrapText('', 4), ['']);
});

test('wrapText ends the last line with … when there are more lines than wanted', () => {
  assert.deepEqual(wrapText('one two three four', 5, 2), ['one', 'two…']);
  assert.deepEqual(wrapText('abcdefghijkl', 4, 2), ['abcd', 'efg…']);
  assert.deepEqual(wrapText('abc', 4, 1), ['abc']);
});

test('cutToWidth never cuts a letter in two', () => {
  assert.equal(cutToWidth('a日本', 2), 'a');
  assert.equal(cutToWidth('👩‍👩‍👧x', 1), '');
});

test('wrapText loses nothing but spaces and stays within the width', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日', '🚀', 'é'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 12 }), (message, width) => {
      const lines = wrapText(message, width);
      assert.ok(lines.every((line) => displayWidth(line) <= width));
      assert.equal(lines.join('').replaceAll(' ', ''), message.replaceAll(' ', ''));
    }),
    { numRuns: 300 },
  );
});
