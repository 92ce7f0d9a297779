import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { findNeededWords } from './needed-words.ts';

function show(pattern: RegExp): string[] | undefined {
  return findNeededWords(pattern)?.map((words) =>
    words.map(({ text, begins, ends }) => `${begins ? '' : '…'}${text}${ends ? '' : '…'}`).join(' '),
  );
}

test('findNeededWords tells words from pieces of words', () => {
  assert.deepEqual(show(/pull access denied/), ['…pull access denied…']);
  assert.deepEqual(show(/^Back-off restarting$/), ['back off restarting']);
  assert.deepEqual(show(/ErrImagePull/), ['…errimagepull…']);
  assert.deepEqual(show(/failed:\s+(?:exit|signal) code/), ['…failed code…']);
});

test('findNeededWords gives alternatives, and nothing when one of them needs nothing', () => {
  assert.deepEqual(show(/OOM|Evicted by/), ['…oom…', '…evicted by…']);
  assert.equal(show(/OOM|.*/), undefined);
  assert.deepEqual(show(/(?:a|b)cd|e[|]f/), ['…cd…', '…e… …f…']);
});

test('findNeededWords does not need what may be missing', () => {
  assert.deepEqual(show(/colou?r/), ['…colo… …r…']);
  assert.deepEqual(show(/ab*c/), ['…a… …c…']);
  assert.deepEqual(show(/ab{0,2}c{2}d+/), ['…a… …c… …d…']);
  assert.equal(show(/x?/), undefined);
  assert.equal(show(/\d+/), undefined);
});

test('findNeededWords says nothing of escapes it does not read', () => {
  for (const pattern of [/\x41bc/, /\u0041bc/, /\p{L}abc/u, /(a)\1/, /(?<n>a)\k<n>b/, /abc/v])
    assert.equal(show(pattern), undefined);
});

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'pod',
    ' ',
    '-',
    '\\.',
    '\\s',
    '\\d',
    '\\w',
    '\\b',
    '.',
    '[ab]',
    '[^|]',
    '(?:a|b)',
    '(pod)',
    '(?=a)',
    '(?!b)',
  ],
  ...['é', '^', '$', '|', '7', '_', '"', '\\/'],
);
const quantifier = fc.constantFrom('', '', '', '', '*', '+', '?', '{0,1}', '{2}', '+?', '*?');
const pattern = fc
  .array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 6 })
  .map((parts) =>
    parts.map(([text, times]) => (/^[|^$]$|^\\b$|^\(\?[=!]/.test(text) ? text : text + times)).join(''),
  );
const message = fc
  .array(fc.constantFrom('a', 'b', 'pod', ' ', '-', '.', '7', 'é', '_', '"', '/', 'A', '\n'), {
    maxLength: 10,
  })
  .map((pieces) => pieces.join(''));

test('findNeededWords needs no word that a matching message does not hold', () => {
  let matched = 0;
  fc.assert(
    fc.property(pattern, message, fc.constantFrom('u', 'iu', ''), (source, text, flags) => {
      const regexp = new RegExp(source, flags);
      const needed = findNeededWords(regexp);
      if (needed === undefined || !regexp.test(text)) return;
      matched++;
      const words = (text.match(WORD) ?? []).map((word) => word.toLowerCase());
      const holds = needed.some((all) =>
        all.every(({ text: piece, begins, ends }) =>
          words.some((word) => {
            if (begins) return ends ? word === piece : word.startsWith(piece);
            return ends ? word.endsWith(piece) : word.includes(piece);
          }),
        ),
      );
      assert.ok(holds, `${regexp} matches ${JSON.stringify(text)}`);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(matched > 100, `only ${matched} of the messages matched`);
});
