import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { readRecording } from '../../test/read-recording.ts';
import { splitJsonDocuments } from './split-json-documents.ts';

interface Split {
  readonly pieces: readonly unknown[];
  readonly textLines: number;
}

/** The pieces of a text that arrives in chunks of the given lengths, items parsed. */
function split(text: string, lengths: readonly number[] = [text.length]): Split {
  const splitter = splitJsonDocuments();
  const bytes = Buffer.from(text);
  const pieces = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = Math.max(1, lengths[i % lengths.length] ?? 1);
    pieces.push(...splitter.push(bytes.subarray(at, at + length)));
    at += length;
  }
  pieces.push(...splitter.end());
  return {
    pieces: pieces.map((piece) =>
      piece.type === 'item'
        ? { item: parse(piece.bytes) }
        : piece.type === 'document'
          ? { document: piece.object }
          : { broken: piece.cut },
    ),
    textLines: splitter.textLines(),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return 'no JSON';
  }
}

const LIST = { kind: 'EventList', items: [{ a: 1 }, { b: ['{"x', 2] }], metadata: {} };
const LIST_PIECES = [
  { item: { a: 1 } },
  { item: { b: ['{"x', 2] } },
  { document: { kind: 'EventList', items: [], metadata: {} } },
];
const PRETTY = JSON.stringify(LIST, null, 4);
const ONE = { document: { one: { n: 1 } } };
const ONE_LINE = JSON.stringify(ONE.document);

test('splitJsonDocuments gives the items and the rest of a list when it is pretty-printed or not', () => {
  for (const text of [
    PRETTY,
    JSON.stringify(LIST),
    `\n\n${PRETTY}\n`,
    `\ufeff${PRETTY.replaceAll('\n', '\r\n')}`,
  ])
    assert.deepEqual(split(text), { pieces: LIST_PIECES, textLines: 0 });
});

test('splitJsonDocuments gives the elements of an array when there is no object around them', () => {
  assert.deepEqual(split('[{"a":1}, [2],\n null]\n[]').pieces, [
    { item: { a: 1 } },
    { item: [2] },
    { item: null },
  ]);
});

test('splitJsonDocuments gives each document when they are strung together in any style', () => {
  const texts = [ONE_LINE, PRETTY, JSON.stringify(LIST), JSON.stringify(ONE.document, null, 1)];
  const pieces: unknown[][] = [[ONE], LIST_PIECES, LIST_PIECES, [ONE]];
  for (const between of ['\n', '', '\n\n', '\r\n', '\n\x1e'])
    for (const order of [
      [0, 0, 0],
      [1, 1],
      [3, 1, 3],
      [0, 1, 0],
      [2, 0, 1, 2],
      [1, 0, 0, 2],
    ])
      assert.deepEqual(
        split(order.map((i) => texts[i]).join(between)).pieces,
        order.flatMap((i) => pieces[i]),
        `${order} between ${JSON.stringify(between)}`,
      );
});

test('splitJsonDocuments loses but one document when a line breaks off', () => {
  for (const end of [5, 8, 12, ONE_LINE.length - 1])
    assert.deepEqual(split(`${ONE_LINE}\n${ONE_LINE.slice(0, end)}\n${ONE_LINE}\n${PRETTY}\n`).pieces, [
      ONE,
      { broken: true },
      ONE,
      ...LIST_PIECES,
    ]);
});

test('splitJsonDocuments loses but the rest of a document when a pretty-printed one breaks off', () => {
  const cut = PRETTY.slice(0, PRETTY.indexOf('"b"'));
  assert.deepEqual(split(`${cut}\n${PRETTY}`).pieces, [{ item: { a: 1 } }, { broken: true }, ...LIST_PIECES]);
});

test('splitJsonDocuments says so when the text ends in the middle of a document', () => {
  assert.deepEqual(split(PRETTY.slice(0, -3)).pieces, [...LIST_PIECES.slice(0, 2), { broken: true }]);
});

test('splitJsonDocuments counts the lines that are no JSON', () => {
  const warning = 'Warning: v1 ComponentStatus is deprecated in v1.19+';
  assert.deepEqual(split(`${warning}\n${ONE_LINE}\n${warning} {"a":\n${ONE_LINE}\nnull`), {
    pieces: [ONE, ONE],
    textLines: 3,
  });
});

test('splitJsonDocuments skips container logs whatever they hold', () => {
  const start = '==== START logs for container web of pod shop/web-1 ====';
  const end = '==== END logs for container web of pod shop/web-1 ====';
  const log =
    '{"level":"info"}\n{"unclosed\n==== END logs for container other of pod shop/web-1 ====\nlast line';
  assert.deepEqual(split(`${PRETTY}\n${start}\n${log}${end}\n${ONE_LINE}\n${start}\n${end}\n`), {
    pieces: [...LIST_PIECES, ONE],
    textLines: 0,
  });
  assert.deepEqual(split(`${start}\n${log}`).pieces, [{ broken: true }]);
});

test('splitJsonDocuments gives the same pieces when the chunks end anywhere', () => {
  const start = '==== START logs for container web of pod shop/web-1 ====';
  const parts = fc.constantFrom(
    PRETTY,
    JSON.stringify(LIST),
    ONE_LINE,
    ONE_LINE.slice(0, 9),
    PRETTY.slice(0, 60),
    '[1,2]',
    '[\n  {"ä": "€😀"}\n]',
    'some text',
    `${start}\n{"log"}${start.replace('START', 'END')}`,
    start,
  );
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (texts, lengths) => {
        const text = texts.join('\n');
        assert.deepEqual(split(text, lengths), split(text));
      },
    ),
    { numRuns: 300 },
  );
});

test('splitJsonDocuments finds every line of a recorded watch', () => {
  const text = readRecording('v1.20/x-expiry/watch.jsonl');
  const lines = text.split('\n').filter((line) => line !== '');
  assert.deepEqual(
    split(text, [777]).pieces,
    lines.map((line) => ({ document: JSON.parse(line) })),
  );
});
