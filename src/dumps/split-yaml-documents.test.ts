import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump, load } from 'js-yaml';
import fc from '../../test/fast-check.ts';
import { readRecording } from '../../test/read-recording.ts';
import { splitYamlDocuments } from './split-yaml-documents.ts';

/** The pieces of a text that arrives in chunks of the given lengths, parsed. */
function split(text: string, lengths: readonly number[] = [text.length]): unknown[] {
  const splitter = splitYamlDocuments();
  const bytes = Buffer.from(text);
  const pieces = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = Math.max(1, lengths[i % lengths.length] ?? 1);
    pieces.push(...splitter.push(bytes.subarray(at, at + length)));
    at += length;
  }
  pieces.push(...splitter.end());
  return pieces.map((piece) => {
    if (piece.type === 'item') return { item: (load(piece.text) as unknown[])[0] };
    return piece.type === 'document'
      ? { document: load(piece.text), list: piece.list }
      : { broken: piece.cut };
  });
}

const LIST = [
  'apiVersion: v1',
  'items:',
  '- a: 1',
  '  message: |-',
  '    - not an item',
  '',
  '    ---',
  '    kind: Nothing',
  '  list:',
  '  - x',
  '  - y',
  '- b: 2',
  'kind: List',
  'metadata:',
  '  resourceVersion: ""',
  '',
].join('\n');
const LIST_PIECES = [
  { item: { a: 1, message: '- not an item\n\n---\nkind: Nothing', list: ['x', 'y'] } },
  { item: { b: 2 } },
  { document: { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' } }, list: true },
];
const ONE = 'kind: Event\nmessage: one\n';
const ONE_PIECE = { document: { kind: 'Event', message: 'one' }, list: false };

test('splitYamlDocuments gives the items and the rest of a list when its items are indented or not', () => {
  const indented = LIST.replace(/(?<=items:\n)[\s\S]*(?=kind: List)/, (items) =>
    items.replace(/^(?=.)/gm, '  '),
  );
  for (const text of [
    LIST,
    indented,
    `---\n${LIST}`,
    `# oc adm inspect\n---\n${LIST}...\n`,
    LIST.replaceAll('\n', '\r\n'),
  ])
    assert.deepEqual(split(text), LIST_PIECES, text);
});

test('splitYamlDocuments gives the elements of a document when it is a sequence', () => {
  assert.deepEqual(split('- a: 1\n- - 2\n-\n  b: 3\n'), [
    { item: { a: 1 } },
    { item: [2] },
    { item: { b: 3 } },
  ]);
});

test('splitYamlDocuments gives each document when there are several', () => {
  assert.deepEqual(split(`${ONE}---\n${LIST}---\n---\n${ONE}--- {"kind": "Event"}\n`), [
    ONE_PIECE,
    ...LIST_PIECES,
    ONE_PIECE,
    { document: { kind: 'Event' }, list: false },
  ]);
});

test('splitYamlDocuments drops the last item and says so when a list of kubectl was cut', () => {
  assert.deepEqual(split(LIST.slice(0, LIST.indexOf('- b') + 4)), [
    LIST_PIECES[0],
    { broken: true },
    { document: { apiVersion: 'v1' }, list: true },
  ]);
});

test('splitYamlDocuments keeps the last item when the list told its kind before', () => {
  assert.deepEqual(split('kind: EventList\napiVersion: v1\nitems:\n- a: 1\n- b: 2'), [
    { item: { a: 1 } },
    { item: { b: 2 } },
    { document: { kind: 'EventList', apiVersion: 'v1' }, list: true },
  ]);
});

test('splitYamlDocuments skips container logs whatever they hold', () => {
  const start = '==== START logs for container web of pod shop/web-1 ====';
  const end = '==== END logs for container web of pod shop/web-1 ====';
  assert.deepEqual(split(`${LIST}${start}\n---\n- {\n  x${end}\n---\n${ONE}${start}\n${end}\n`), [
    ...LIST_PIECES,
    ONE_PIECE,
  ]);
  assert.deepEqual(split(`${ONE}${start}\nlog`), [ONE_PIECE, { broken: true }]);
});

test('splitYamlDocuments gives the same pieces when the chunks end anywhere', () => {
  const parts = fc.constantFrom(LIST, ONE, 'message: "ä €😀"\n', '- 1\n- 2\n');
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (texts, lengths) => {
        const text = texts.join('---\n');
        assert.deepEqual(split(text, lengths), split(text));
      },
    ),
    { numRuns: 100 },
  );
});

test('splitYamlDocuments finds every item of a recorded list however it is printed', () => {
  const list = JSON.parse(readRecording('v1.36/b-bad-image/events-core-v1.json')) as { items: unknown[] };
  for (const style of [
    { seqNoIndent: true },
    { seqInlineFirst: false },
    { lineWidth: 40 },
    { indent: 4, forceQuotes: true },
  ])
    assert.deepEqual(
      split(dump(list, style)).slice(0, -1),
      list.items.map((item) => ({ item })),
    );
});
