import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { makeSafe } from './safe-text.ts';

test('makeSafe shows what a terminal would obey', () => {
  assert.equal(makeSafe('\u001b[2J\u001b]0;title\u0007'), '^[[2J^[]0;title^G');
  assert.equal(makeSafe('a\rb\u0000c\u007fd'), 'a\\rb^@c^?d');
  assert.equal(makeSafe('\u009b31m\u0085'), '\\u009b31m\\u0085');
  assert.equal(makeSafe('\u202egnp.exe\u202c \u2066x\u2069'), '\\u202egnp.exe\\u202c \\u2066x\\u2069');
  assert.equal(makeSafe('a\tb'), 'a b');
});

test('makeSafe keeps line feeds when they are allowed', () => {
  assert.equal(makeSafe('a\nb\r\nc\rd', { newlines: true }), 'a\nb\nc\\rd');
  assert.equal(makeSafe('a\nb'), 'a\\nb');
});

test('makeSafe changes nothing when the text is safe, of any language', () => {
  for (const text of ['', 'Back-off pulling image "example"', 'Zażółć 図書館 👩‍👩‍👧 مرحبا'])
    assert.equal(makeSafe(text), text);
});

test('makeSafe leaves nothing that moves, hides or reorders when the text is any', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(makeSafe(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      assert.equal(makeSafe(makeSafe(text)), makeSafe(text));
    }),
  );
});
